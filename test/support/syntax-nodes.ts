/** A piece of a program, as `oxc-parser` tells it. */
export interface SyntaxNode {
  type: string;
  start: number;
  end: number;
}

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

export const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === "object" && value !== null && "type" in value && "start" in value;

export const isFunction = (value: unknown): value is SyntaxNode => isNode(value) && FUNCTIONS.has(value.type);
