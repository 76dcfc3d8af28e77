import type { Expr } from "./gbnf.ts";

/** How many elements llama.cpp makes of `expr`; a bounded repetition becomes a rule for each optional turn. */
export function elements(expr: Expr): number {
  if (expr.kind === "literal") return expr.text.length;
  if (expr.kind === "set") return expr.set.length * 2;
  if (expr.kind === "ref") return 1;
  if (expr.kind === "sequence") return expr.items.reduce((sum, item) => sum + elements(item), 0);
  if (expr.kind === "choice") return expr.options.reduce((sum, option) => sum + elements(option) + 1, 0);
  const turns = expr.max === Number.POSITIVE_INFINITY ? expr.min + 1 : expr.max;
  return turns * (elements(expr.item) + 3);
}
