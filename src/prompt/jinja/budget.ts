import type { JinjaValue } from "./nodes.ts";

/** Steps of one rendering. A conversation of a thousand messages takes the longest known templates about a tenth of it. */
const MAX_STEPS = 3_000_000;
/** Nested steps: a macro that calls itself would overflow the stack, whose end an engine may not survive everywhere. */
const MAX_DEPTH = 1_000;
/** Most characters of a text at any time: twice a prompt of a million tokens. */
const MAX_SIZE = 8_000_000;
/** Characters that an element of a list counts for. */
const ELEMENT_SIZE = 16;
/** Handling this many characters costs as much as a step. */
const SIZE_PER_STEP = 1_000;

/** Templates come with models, and models from strangers: none may keep the server from its other work. */
export class JinjaBudget {
  #left = MAX_STEPS;
  #depth = 0;

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

  /** @throws Error when the rendering has taken all its steps, or has made a value that is too large. */
  spend(value: unknown): void {
    const size =
      typeof value === "string" ? value.length : Array.isArray(value) ? value.length * ELEMENT_SIZE : 0;
    if (size > MAX_SIZE) throw new Error(`a value of more than ${MAX_SIZE} characters`);
    this.#take(1 + Math.floor(size / SIZE_PER_STEP));
  }

  /**
   * Pays for walking through all that is in a value. A list that holds one list twice, which holds another twice, and so on, is
   * small in memory and endless on paper.
   */
  spendOnAll(value: JinjaValue): void {
    this.#take(1);
    if (value.value instanceof Map) for (const entry of value.value.values()) this.spendOnAll(entry);
    else if (Array.isArray(value.value)) for (const entry of value.value) this.spendOnAll(entry);
    else this.spend(value.value);
  }

  #take(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new Error(`more than ${MAX_STEPS} steps`);
  }
}
