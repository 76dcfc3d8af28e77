import type { BranchNode, ListNode, StatementNode } from "./ast.ts";
import { mentionsField } from "./visit.ts";

const isBranch = (node: StatementNode): node is BranchNode =>
  node.type === "if" || node.type === "with" || node.type === "range";

const inside = (branch: BranchNode): ListNode[] =>
  branch.otherwise === undefined ? [branch.body] : [branch.body, branch.otherwise];

/** The first `if` that asks for tool calls, in source order. */
function findCondition(list: ListNode): BranchNode | undefined {
  for (const node of list.nodes) {
    if (!isBranch(node)) continue;
    if (node.type === "if" && mentionsField(node.pipe, "ToolCalls")) return node;
    for (const inner of inside(node)) {
      const found = findCondition(inner);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The first text that is not blank; "" when something is printed before there is any, undefined when there is neither. */
function firstText(list: ListNode): string | undefined {
  for (const node of list.nodes) {
    if (node.type === "text" && node.text.trim() !== "") return node.text;
    if (node.type === "action" && node.pipe.variables.length === 0) return "";
    const found = isBranch(node) ? firstText(node.body) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The text with which the model opens a tool call, read off how the template writes the calls of a history: the first text
 * under `if .ToolCalls`, up to its first brace. `{` when there is none (docs/behaviour: modelfile §5).
 */
export function toolCallTag(root: ListNode): string {
  const condition = findCondition(root);
  const text = condition === undefined ? "" : (firstText(condition.body) ?? "");
  const [tag = ""] = text.split("{", 1);
  return tag.trim() || "{";
}
