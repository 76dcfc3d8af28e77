import type { GoTemplate, ListNode, StatementNode } from "./ast.ts";
import { mentionsField } from "./visit.ts";

/**
 * The template up to and including its first action that prints `.Response`: what a turn looks like while the answer is still
 * to come (docs/behaviour: modelfile §2.3). Each branch is cut by itself; what follows a branch that was cut is gone as well.
 */
export const cutAtResponse = (template: GoTemplate): GoTemplate => ({
  ...template,
  root: cutList(template.root).list,
});

function cutList(list: ListNode): { list: ListNode; cut: boolean } {
  const nodes: StatementNode[] = [];
  for (const node of list.nodes) {
    const { kept, cut } = cutStatement(node);
    nodes.push(kept);
    if (cut) return { list: { ...list, nodes }, cut };
  }
  return { list: { ...list, nodes }, cut: false };
}

function cutStatement(node: StatementNode): { kept: StatementNode; cut: boolean } {
  if (node.type === "action") return { kept: node, cut: mentionsField(node, "Response") };
  if (node.type !== "if" && node.type !== "with" && node.type !== "range") return { kept: node, cut: false };
  const body = cutList(node.body);
  const otherwise = node.otherwise === undefined ? undefined : cutList(node.otherwise);
  return {
    kept: { ...node, body: body.list, otherwise: otherwise?.list },
    cut: body.cut || otherwise?.cut === true,
  };
}

/** The template with `{{ .Response }}` at its end, for one that mentions neither messages nor the response. */
export const withResponse = (template: GoTemplate): GoTemplate => ({
  ...template,
  root: {
    ...template.root,
    nodes: [
      ...template.root.nodes,
      { type: "action", pos: template.text.length, pipe: responsePipe(template.text.length) },
    ],
  },
});

const responsePipe = (pos: number) => ({
  type: "pipe" as const,
  pos,
  variables: [],
  assigns: false,
  commands: [
    { type: "command" as const, pos, operands: [{ type: "field" as const, pos, path: ["Response"] }] },
  ],
});
