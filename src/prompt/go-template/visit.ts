import type { AnyNode, GoTemplate, ListNode, OperandNode } from "./ast.ts";

function children(node: AnyNode): readonly AnyNode[] {
  switch (node.type) {
    case "list":
      return node.nodes;
    case "action":
      return [node.pipe];
    case "if":
    case "with":
    case "range":
      return node.otherwise === undefined ? [node.pipe, node.body] : [node.pipe, node.body, node.otherwise];
    case "template":
      return node.pipe === undefined ? [] : [node.pipe];
    case "pipe":
      return node.commands;
    case "command":
      return node.operands;
    case "chain":
      return [node.term];
    default:
      return [];
  }
}

/** Calls `see` for the node and everything below it, parents first, in source order. */
export function visit(node: AnyNode, see: (node: AnyNode) => void): void {
  see(node);
  for (const child of children(node)) visit(child, see);
}

/** The main template and all that it defines. */
export const allLists = (template: GoTemplate): ListNode[] => [
  template.root,
  ...template.definitions.values(),
];

/** The field names that a reference walks, or none for another kind of node. */
export const fieldPath = (node: AnyNode | OperandNode): readonly string[] =>
  node.type === "field" || node.type === "variable" || node.type === "chain" ? node.path : [];

/** Whether the node, or anything below it, refers to a field of that name (case-sensitive). */
export function mentionsField(node: AnyNode, name: string): boolean {
  let found = false;
  visit(node, (inner) => {
    found ||= fieldPath(inner).includes(name);
  });
  return found;
}
