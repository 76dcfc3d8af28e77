import { checkGrammar } from "./check.ts";
import { choice, EMPTY_TEXT, type Expr, elements, printExpr, reference, sequence } from "./gbnf.ts";
import { MAX_ELEMENTS, MAX_REPETITION } from "./limits.ts";
import { schemaTooLarge } from "./refusals.ts";

const ROOT = "root";

const MAX_NAME_LENGTH = 40;

/** The rules of one grammar. Several schemas may share one book: names never clash, and common rules exist once. */
export class RuleBook {
  readonly #rules = new Map<string, Expr>();
  readonly #names = new Set([ROOT]);
  /** How often a name has been asked for, so that the next free number needs no search from the beginning. */
  readonly #asked = new Map<string, number>();
  readonly #shared = new Map<string, Expr>();
  #elements = 0;

  /** A rule name nobody has yet. `hint` may be any text. */
  name(hint: string): string {
    const base =
      hint
        .replace(/[^A-Za-z0-9]+/g, "-")
        .slice(0, MAX_NAME_LENGTH)
        .replace(/^-+|-+$/g, "") || "rule";
    let count = this.#asked.get(base) ?? 1;
    let name = count === 1 ? base : `${base}-${count}`;
    while (this.#names.has(name)) name = `${base}-${++count}`;
    this.#asked.set(base, count + 1);
    this.#names.add(name);
    return name;
  }

  /**
   * Gives the name that {@link name} reserved its meaning.
   * @throws AppError 400 once the grammar has become too large.
   */
  define(name: string, expr: Expr): Expr {
    this.#elements += elements(expr);
    if (this.#elements > MAX_ELEMENTS)
      throw schemaTooLarge(`its grammar has more than ${MAX_ELEMENTS} elements`);
    this.#rules.set(name, expr);
    return reference(name);
  }

  add(hint: string, expr: Expr): Expr {
    return this.define(this.name(hint), expr);
  }

  /** The one rule for `key`, built at its first use; `build` may refer to itself by asking for the same key. */
  shared(key: string, hint: string, build: () => Expr): Expr {
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const name = this.name(hint);
    this.#shared.set(key, reference(name));
    return this.define(name, build());
  }

  /** `expr` itself where a reference is as short, else a rule of its own. */
  named(hint: string, expr: Expr): Expr {
    return expr.kind === "ref" ? expr : this.add(hint, expr);
  }

  /**
   * `item` between `min` and `max` times; `max` may be `Infinity`. The item must not match the empty text: llama.cpp takes a
   * repetition of such a rule for left recursion. Counts above llama.cpp's threshold are nested in blocks.
   */
  repeat(item: Expr, min: number, max: number): Expr {
    if (max === 0) return EMPTY_TEXT;
    if (min === 1 && max === 1) return item;
    const unit =
      item.kind !== "sequence" && item.kind !== "choice"
        ? item
        : this.shared(printExpr(item), "part", () => item);
    if (max === Number.POSITIVE_INFINITY) {
      if (min <= MAX_REPETITION) return { kind: "repeat", item: unit, min, max };
      return sequence(this.#exactly(unit, min), { kind: "repeat", item: unit, min: 0, max });
    }
    return min > 0 && max > MAX_REPETITION
      ? sequence(this.#exactly(unit, min), this.#upTo(unit, max - min))
      : this.#between(unit, min, max);
  }

  /** The grammar's text, with the rules that `root` can reach in the order of their definition. */
  print(root: Expr): string {
    const rules = new Map([[ROOT, root], ...this.#rules]);
    const reachable = checkGrammar(rules, ROOT);
    return [...rules]
      .filter(([name]) => reachable.has(name))
      .map(([name, expr]) => `${name} ::= ${printExpr(expr)}\n`)
      .join("");
  }

  #between(unit: Expr, min: number, max: number): Expr {
    return min === 0 ? this.#upTo(unit, max) : { kind: "repeat", item: unit, min, max };
  }

  #exactly(unit: Expr, count: number): Expr {
    const blocks = Math.floor(count / MAX_REPETITION);
    const rest = count % MAX_REPETITION;
    const tail: Expr[] = rest === 0 ? [] : [{ kind: "repeat", item: unit, min: rest, max: rest }];
    return sequence(...Array.from({ length: blocks }, () => this.#block(unit)), ...tail);
  }

  /** At any time one of the two alternatives is still possible for each block, so that the engine follows few paths. */
  #upTo(unit: Expr, max: number): Expr {
    if (max === 0) return EMPTY_TEXT;
    if (max <= MAX_REPETITION) return { kind: "repeat", item: unit, min: 0, max };
    const part = this.shared(`${printExpr(unit)} part`, "part", () => ({
      kind: "repeat",
      item: unit,
      min: 0,
      max: MAX_REPETITION - 1,
    }));
    const more = sequence(this.#block(unit), this.#upTo(unit, max - MAX_REPETITION));
    return this.add("up-to", choice([part, more]));
  }

  #block(unit: Expr): Expr {
    const item = unit;
    return this.shared(`${printExpr(unit)} block`, "block", () => ({
      kind: "repeat",
      item,
      min: MAX_REPETITION,
      max: MAX_REPETITION,
    }));
  }
}
