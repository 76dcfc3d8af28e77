import type { AnyNode, BranchNode, CallNode, ListNode, PipeNode } from "./ast.ts";
import { goQuote } from "./quote.ts";

const listText = (list: ListNode): string => list.nodes.map(nodeText).join("");

function pipeText(pipe: PipeNode): string {
  const commands = pipe.commands.map(nodeText).join(" | ");
  if (pipe.variables.length === 0) return commands;
  return `${pipe.variables.join(", ")} ${pipe.assigns ? "=" : ":="} ${commands}`;
}

function branchText(branch: BranchNode): string {
  const otherwise = branch.otherwise === undefined ? "" : `{{else}}${listText(branch.otherwise)}`;
  return `{{${branch.type} ${pipeText(branch.pipe)}}}${listText(branch.body)}${otherwise}{{end}}`;
}

function callText({ name, pipe }: CallNode): string {
  return `{{template ${goQuote(name)}${pipe === undefined ? "" : ` ${pipeText(pipe)}`}}}`;
}

const inParentheses = (node: AnyNode): string =>
  node.type === "pipe" ? `(${nodeText(node)})` : nodeText(node);

/** A node written as template source again, in the canonical form that Go's error messages quote. */
export function nodeText(node: AnyNode): string {
  switch (node.type) {
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "bool":
      return String(node.value);
    case "number":
      return node.text;
    case "string":
      return node.quoted;
    case "identifier":
      return node.name;
    case "field":
      return node.path.map((name) => `.${name}`).join("");
    case "variable":
      return [node.name, ...node.path].join(".");
    case "chain":
      return [inParentheses(node.term), ...node.path].join(".");
    case "pipe":
      return pipeText(node);
    case "command":
      return node.operands.map(inParentheses).join(" ");
    case "text":
      return node.text;
    case "action":
      return `{{${pipeText(node.pipe)}}}`;
    case "if":
    case "with":
    case "range":
      return branchText(node);
    case "break":
    case "continue":
      return `{{${node.type}}}`;
    case "template":
      return callText(node);
    case "list":
      return listText(node);
  }
}
