import type { Budget, Micros } from "../../lib/budget.ts";
import { costOfQuoting, countedSize } from "./cost.ts";
import type { JinjaValue } from "./nodes.ts";

/** Evaluating one node of a template. */
const STEP_MICROS: Micros = 0.5;
/** Nested steps: a macro that calls itself would overflow the stack, whose end an engine may not survive everywhere. */
const MAX_DEPTH = 1_000;
/** Most characters of a text at any time: twice a prompt of a million tokens. */
const MAX_SIZE = 8_000_000;
/** Templates come with models, and models from strangers: none may keep the server from its other work. */
export class JinjaBudget {
  readonly #budget: Budget;
  #depth = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** @throws Error when steps are nested too deeply. */
  within<T>(step: () => T): T {
    if (this.#depth === MAX_DEPTH) throw new Error(`more than ${MAX_DEPTH} steps within one another`);
    this.#depth++;
    try {
      return step();
    } finally {
      this.#depth--;
    }
  }

  /** @throws OverBudget. */
  spend(micros: Micros): void {
    this.#budget.spend(micros);
  }

  /** Pays for a step. @throws OverBudget, or Error when the step has given a value that is too large. */
  spendOnStep({ value }: JinjaValue): void {
    if (countedSize(value) > MAX_SIZE) throw new Error(`a value of more than ${MAX_SIZE} characters`);
    this.#budget.spend(STEP_MICROS);
  }

  /**
   * Pays for walking through everything inside a value. A list that holds one list twice, which holds another twice, and so on, is
   * small in memory and endless when written out.
   * @returns how many values it would have when written out.
   */
  spendOnAll(value: JinjaValue): number {
    this.#budget.spend(STEP_MICROS);
    const { value: inner } = value;
    const entries = inner instanceof Map ? inner.values() : Array.isArray(inner) ? inner : undefined;
    if (entries === undefined) this.#budget.spend(costOfQuoting(value));
    let count = 1;
    for (const entry of entries ?? []) count += this.spendOnAll(entry);
    return count;
  }
}
