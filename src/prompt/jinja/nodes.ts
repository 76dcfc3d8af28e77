import type { Interpreter } from "@huggingface/jinja";

export type JinjaNode = NonNullable<Parameters<Interpreter["evaluate"]>[0]>;
export type JinjaValue = ReturnType<Interpreter["evaluate"]>;

/** The nodes that are treated here; the package does not export its own declarations of them. */
type Known =
  | { type: "FilterExpression"; operand: JinjaNode; filter: Filter }
  | { type: "BinaryExpression"; operator: { value: string }; left: JinjaNode; right: JinjaNode }
  | { type: "CallExpression"; callee: JinjaNode & Partial<Member>; args: Argument[] }
  | { type: "TestExpression"; operand: JinjaNode; negate: boolean; test: { value: string } }
  | ({ type: "MemberExpression" } & Member)
  | { type: "For"; iterable: JinjaNode & { lhs?: JinjaNode } }
  | { type: "ObjectLiteral"; value: Map<JinjaNode, JinjaNode> }
  | { type: "TupleLiteral" }
  | Printed;

export type Filter = JinjaNode & { value?: unknown; callee?: { value?: unknown }; args?: Argument[] };

/** `2`, `indent=2` or `*list`. */
export type Argument = JinjaNode & { key?: { value: string }; value?: JinjaNode; argument?: JinjaNode };

interface Member {
  object: JinjaNode;
  property: JinjaNode & { value?: unknown };
  computed: boolean;
}

/** An expression whose value goes into the text. */
interface Printed {
  type: "llamero-printed";
  printed: JinjaNode;
}

export type NodeOf<Type extends Known["type"]> = JinjaNode & Extract<Known, { type: Type }>;

/** A node whose value is known already, so that nothing is evaluated twice. */
export interface Evaluated extends JinjaNode {
  value: JinjaValue;
}
export const EVALUATED = "llamero-evaluated";
export const evaluated = (value: JinjaValue): Evaluated => ({ type: EVALUATED, value });

/** The name of a filter, written `tojson` or `tojson(indent=2)`. */
export const filterName = ({ type, value, ...rest }: Filter): unknown =>
  type === "Identifier" ? value : rest.callee?.value;

/** Expressions that may give a list or a mapping. */
const PRINTABLE = new Set<unknown>([
  "Identifier",
  "MemberExpression",
  "CallExpression",
  "FilterExpression",
  "BinaryExpression",
  "Ternary",
  "TestExpression",
  "UnaryExpression",
  "BooleanLiteral",
  "SelectExpression",
  "ArrayLiteral",
  "TupleLiteral",
  "ObjectLiteral",
]);

/** Marks the expressions of a program that are printed, in place. */
export function markPrinted(node: JinjaNode): void {
  const { body, alternate, defaultBlock } = node as { [part: string]: unknown } & JinjaNode;
  for (const block of [body, alternate, defaultBlock]) {
    if (!Array.isArray(block)) continue;
    for (const [index, each] of block.entries()) {
      if (PRINTABLE.has(each.type)) block[index] = { type: "llamero-printed", printed: each };
      else markPrinted(each);
    }
  }
}
