import type { AnyNode, ListNode, StatementNode } from "./ast.ts";
import { visit } from "./visit.ts";

export interface ThinkingTags {
  open: string;
  close: string;
}

function startsWithField(node: AnyNode, name: string): boolean {
  let found = false;
  visit(node, (inner) => {
    found ||= inner.type === "field" && inner.path[0] === name;
  });
  return found;
}

const edgeText = (node: StatementNode | undefined): string => (node?.type === "text" ? node.text.trim() : "");

/** The lists around each `.Thinking` inside `range .Messages`: those that print it, and those that only ask for it. */
interface Candidates {
  printing: ListNode[];
  asking: ListNode[];
}

function collect(list: ListNode, inMessages: boolean, found: Candidates): void {
  for (const node of list.nodes) {
    if (node.type === "action") {
      if (inMessages && startsWithField(node.pipe, "Thinking")) found.printing.push(list);
    } else if (node.type === "if" || node.type === "with" || node.type === "range") {
      if (inMessages && startsWithField(node.pipe, "Thinking")) found.asking.push(list);
      const inside = node.type === "range" ? startsWithField(node.pipe, "Messages") : inMessages;
      collect(node.body, inside, found);
      if (node.otherwise !== undefined) collect(node.otherwise, inMessages, found);
    }
  }
}

/**
 * The tags around a message's thinking, read off the template: the first and last text of the list that holds `.Thinking`
 * (docs/behaviour: modelfile §6). Lists that print it come before those that merely test for it, which often begin with a role marker.
 */
export function thinkingTags(root: ListNode): ThinkingTags | undefined {
  const found: Candidates = { printing: [], asking: [] };
  collect(root, false, found);
  for (const { nodes } of [...found.printing, ...found.asking]) {
    const open = edgeText(nodes[0]);
    const close = edgeText(nodes.at(-1));
    if (open !== "" && close !== "" && nodes.length > 1) return { open, close };
  }
  return undefined;
}
