import { type Expr, printExpr } from "./gbnf.ts";
import { MAX_GRAMMAR_BYTES, MAX_LEFTMOST_PATHS } from "./limits.ts";
import { schemaTooLarge, unsatisfiable } from "./refusals.ts";

type Rules = ReadonlyMap<string, Expr>;

/**
 * Refuses a grammar that llama.cpp would reject, never finish with, or take too long over.
 * @returns the names that `root` reaches, itself included.
 */
export function checkGrammar(rules: Rules, root: string): ReadonlySet<string> {
  const reachable = reachableFrom(rules, root);
  const productive = fixpoint(rules, reachable, (expr, known) => finishes(expr, known));
  for (const name of reachable)
    if (!productive.has(name)) throw unsatisfiable(`"${name}" contains itself without an end`);
  const bytes = [...reachable].reduce(
    (sum, name) => sum + name.length + printExpr(rules.get(name)!).length + 6,
    0,
  );
  if (bytes > MAX_GRAMMAR_BYTES) throw schemaTooLarge(`its grammar has more than ${MAX_GRAMMAR_BYTES} bytes`);
  const nullable = fixpoint(rules, reachable, (expr, known) => mayBeEmpty(expr, known));
  checkLeftmost(rules, reachable, nullable);
  return reachable;
}

function reachableFrom(rules: Rules, root: string): Set<string> {
  const found = new Set([root]);
  for (const name of found) {
    const expr = rules.get(name);
    if (expr === undefined) throw new Error(`grammar rule ${name} is used but not defined`);
    for (const used of references(expr)) found.add(used);
  }
  return found;
}

function references(expr: Expr): string[] {
  if (expr.kind === "ref") return [expr.name];
  if (expr.kind === "repeat") return references(expr.item);
  if (expr.kind === "sequence") return expr.items.flatMap(references);
  return expr.kind === "choice" ? expr.options.flatMap(references) : [];
}

/** The rules for which `holds` follows from the rules for which it is already known. */
function fixpoint(
  rules: Rules,
  names: ReadonlySet<string>,
  holds: (expr: Expr, known: ReadonlySet<string>) => boolean,
): ReadonlySet<string> {
  const users = new Map<string, string[]>();
  for (const name of names) {
    for (const used of new Set(references(rules.get(name)!))) {
      const known = users.get(used);
      if (known === undefined) users.set(used, [name]);
      else known.push(name);
    }
  }
  const known = new Set<string>();
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (known.has(name) || !holds(rules.get(name)!, known)) continue;
    known.add(name);
    for (const user of users.get(name) ?? []) queue.push(user);
  }
  return known;
}

function finishes(expr: Expr, known: ReadonlySet<string>): boolean {
  if (expr.kind === "ref") return known.has(expr.name);
  if (expr.kind === "sequence") return expr.items.every((item) => finishes(item, known));
  if (expr.kind === "choice") return expr.options.some((option) => finishes(option, known));
  return expr.kind === "repeat" ? expr.min === 0 || finishes(expr.item, known) : true;
}

function mayBeEmpty(expr: Expr, known: ReadonlySet<string>): boolean {
  if (expr.kind === "literal") return expr.text === "";
  if (expr.kind === "ref") return known.has(expr.name);
  if (expr.kind === "sequence") return expr.items.every((item) => mayBeEmpty(item, known));
  if (expr.kind === "choice") return expr.options.some((option) => mayBeEmpty(option, known));
  return expr.kind === "repeat" && (expr.min === 0 || mayBeEmpty(expr.item, known));
}

function checkLeftmost(rules: Rules, names: ReadonlySet<string>, nullable: ReadonlySet<string>): void {
  const paths = new Map<string, number>();
  const open = new Set<string>();
  const visit = (name: string): number => {
    const known = paths.get(name);
    if (known !== undefined) return known;
    if (open.has(name)) throw new Error(`grammar rule ${name} is left-recursive`);
    open.add(name);
    const starts = leftmost(rules.get(name)!, nullable);
    const total = starts.reduce((sum, start) => Math.min(sum + visit(start), Number.MAX_SAFE_INTEGER), 1);
    open.delete(name);
    paths.set(name, total);
    return total;
  };
  const total = [...names].reduce((sum, name) => sum + visit(name), 0);
  if (total > MAX_LEFTMOST_PATHS) throw schemaTooLarge("it has too many alternatives that begin alike");
}

/** References that may be met before any character of `expr` is consumed, once for each place. */
function leftmost(expr: Expr, nullable: ReadonlySet<string>): string[] {
  if (expr.kind === "ref") return [expr.name];
  if (expr.kind === "repeat") return leftmost(expr.item, nullable);
  if (expr.kind === "choice") return expr.options.flatMap((option) => leftmost(option, nullable));
  if (expr.kind !== "sequence") return [];
  const blocking = expr.items.findIndex((item) => !mayBeEmpty(item, nullable));
  return expr.items
    .slice(0, blocking === -1 ? undefined : blocking + 1)
    .flatMap((item) => leftmost(item, nullable));
}
