import { ANY_CHARACTER, type CodePoints } from "../code-points.ts";
import { MAX_NFA_STATES } from "../limits.ts";
import type { Regex } from "../regex/ast.ts";
import { PatternError } from "../regex/pattern-error.ts";

/** A step that consumes nothing; an anchored one may be taken only at the beginning or at the end of the text. */
export interface Jump {
  to: number;
  only?: "start" | "end";
}

export interface Nfa {
  start: number;
  accept: number;
  steps: { set: CodePoints; to: number }[][];
  jumps: Jump[][];
}

/** The automaton for texts that contain a match of `regex`; only anchors tie the match to the ends. */
export function searchNfa(regex: Regex): Nfa {
  const builder = new NfaBuilder();
  const start = builder.state();
  const accept = builder.state();
  builder.step(start, ANY_CHARACTER, start);
  builder.step(accept, ANY_CHARACTER, accept);
  builder.connect(regex, start, accept);
  return { start, accept, steps: builder.steps, jumps: builder.jumps };
}

class NfaBuilder {
  readonly steps: Nfa["steps"] = [];
  readonly jumps: Nfa["jumps"] = [];

  state(): number {
    if (this.steps.length >= MAX_NFA_STATES) throw new PatternError("a pattern with so many states");
    this.steps.push([]);
    this.jumps.push([]);
    return this.steps.length - 1;
  }

  step(from: number, set: CodePoints, to: number): void {
    if (set.length > 0) this.steps[from]?.push({ set, to });
  }

  #jump(from: number, jump: Jump): void {
    this.jumps[from]?.push(jump);
  }

  /** Adds paths for `regex` between two states. */
  connect(regex: Regex, from: number, to: number): void {
    if (regex.kind === "set") this.step(from, regex.set, to);
    else if (regex.kind === "anchor") this.#jump(from, { to, only: regex.at });
    else if (regex.kind === "choice") for (const option of regex.options) this.connect(option, from, to);
    else if (regex.kind === "sequence") this.#jump(this.#chain(regex.items, from), { to });
    else this.#repeat(regex.item, regex.min, regex.max, from, to);
  }

  #chain(items: readonly Regex[], from: number): number {
    let at = from;
    for (const item of items) at = this.#after(item, at);
    return at;
  }

  #after(item: Regex, from: number): number {
    const next = this.state();
    this.connect(item, from, next);
    return next;
  }

  #repeat(item: Regex, min: number, max: number, from: number, to: number): void {
    let at = this.state();
    this.#jump(from, { to: at });
    for (let turn = 0; turn < min; turn++) at = this.#after(item, at);
    if (max === Number.POSITIVE_INFINITY) {
      const loop = this.state();
      this.#jump(at, { to: loop });
      this.connect(item, loop, loop);
      this.#jump(loop, { to });
      return;
    }
    for (let turn = min; turn < max; turn++) {
      this.#jump(at, { to });
      at = this.#after(item, at);
    }
    this.#jump(at, { to });
  }
}
