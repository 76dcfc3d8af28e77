import { type CodePoints, union } from "../code-points.ts";
import { choice, EMPTY_TEXT, type Expr, literal, printExpr, reference, sequence } from "../gbnf.ts";
import type { RuleBook } from "../rule-book.ts";
import { DEAD, type Dfa } from "./dfa.ts";

/** Groups nested deeper than this become rules of their own, since llama.cpp parses groups recursively. */
const MAX_INLINE = 4;

/**
 * A right-linear grammar for `dfa`. As the automaton is deterministic, llama.cpp has one path to follow at every character.
 * @param spell the expression for one character out of a set.
 */
export function dfaRules(book: RuleBook, hint: string, dfa: Dfa, spell: (set: CodePoints) => Expr): Expr {
  return new DfaPrinter(book, hint, dfa, spell).print();
}

class DfaPrinter {
  readonly #names = new Map<number, string>();
  readonly #pending: number[] = [];
  readonly #entries: number[];
  readonly #book: RuleBook;
  readonly #hint: string;
  readonly #dfa: Dfa;
  readonly #spell: (set: CodePoints) => Expr;

  constructor(book: RuleBook, hint: string, dfa: Dfa, spell: (set: CodePoints) => Expr) {
    this.#book = book;
    this.#hint = hint;
    this.#dfa = dfa;
    this.#spell = spell;
    this.#entries = dfa.next.map(() => 0);
    this.#entries[0] = 1;
    for (const row of dfa.next) for (const to of new Set(row)) if (to !== DEAD) this.#entries[to]! += 1;
  }

  print(): Expr {
    const start = this.#state(0, 0);
    for (let state = this.#pending.pop(); state !== undefined; state = this.#pending.pop()) {
      this.#book.define(this.#names.get(state)!, this.#body(state, 0));
    }
    return start;
  }

  /** The expression for `state`: written out where only one place leads there, else the name of a rule that is still to be written. */
  #state(state: number, depth: number): Expr {
    if (this.#ways(state).length === 0) return EMPTY_TEXT;
    if (this.#entries[state] === 1 && depth < MAX_INLINE) return this.#body(state, depth);
    const name = this.#names.get(state) ?? this.#book.name(this.#hint);
    if (!this.#names.has(state)) this.#pending.push(state);
    this.#names.set(state, name);
    return reference(name);
  }

  /** Follows a chain of states that have one way on, so that long texts need no deep recursion. */
  #body(state: number, depth: number): Expr {
    const chain: Expr[] = [];
    let at = state;
    for (let way = this.#onlyWay(at); way !== undefined; way = this.#onlyWay(at)) {
      chain.push(this.#spell(way.set));
      at = way.to;
      if (this.#entries[at] !== 1) return sequence(...this.#runs(chain), this.#state(at, depth));
    }
    const options = this.#ways(at).map(({ set, to }) =>
      sequence(this.#spell(set), this.#state(to, depth + 1)),
    );
    const rest = choice(this.#dfa.accepting[at] ? [...options, EMPTY_TEXT] : options);
    return sequence(...this.#runs(chain), rest);
  }

  /** The one way on, if the text can neither end nor go on otherwise. */
  #onlyWay(state: number): { set: CodePoints; to: number } | undefined {
    const ways = this.#ways(state);
    return ways.length === 1 && !this.#dfa.accepting[state] ? ways[0] : undefined;
  }

  /** Equal neighbours as one repetition. */
  #runs(chain: readonly Expr[]): Expr[] {
    const runs: { expr: Expr; text: string; count: number }[] = [];
    for (const expr of chain) {
      const text = printExpr(expr);
      const last = runs.at(-1);
      if (last?.text === text) last.count += 1;
      else runs.push({ expr, text, count: 1 });
    }
    return runs.map(({ expr, count }) =>
      expr.kind === "literal" ? literal(expr.text.repeat(count)) : this.#book.repeat(expr, count, count),
    );
  }

  /** The states one step on, each with all characters that lead there. */
  #ways(state: number): { set: CodePoints; to: number }[] {
    const byTarget = new Map<number, CodePoints[]>();
    for (const [atom, to] of (this.#dfa.next[state] ?? []).entries()) {
      if (to !== DEAD) byTarget.set(to, [...(byTarget.get(to) ?? []), this.#dfa.atoms[atom]!]);
    }
    return [...byTarget].map(([to, sets]) => ({ to, set: union(sets) }));
  }
}
