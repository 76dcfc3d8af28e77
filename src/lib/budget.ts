/** Work is counted in microseconds of one core, estimated from sizes and never measured: the same request always costs the same. */
export type Micros = number;

/** Work that one request may cause in all: about two seconds. A conversation of a thousand messages takes a tenth of it. */
const REQUEST_MICROS: Micros = 2_000_000;

/** There is more work than the budget allows; whoever gave the budget decides what that means. */
export class OverBudget extends Error {
  override readonly name = "OverBudget";

  constructor() {
    super("more work than one request may cause");
  }
}

/**
 * The work that a request may still cause. Work that grows with what a client or a model file brings is paid for before it is done, so
 * that nobody waits for more than the budget.
 */
export class Budget {
  #left: Micros;
  readonly #given: Micros;

  constructor(micros: Micros = REQUEST_MICROS) {
    this.#left = micros;
    this.#given = micros;
  }

  get left(): Micros {
    return this.#left;
  }

  /** Microseconds that have been spent; at most as many as were given. */
  get spent(): Micros {
    return this.#given - Math.max(0, this.#left);
  }

  /** @throws OverBudget when less than `micros` is left; nothing is left then. */
  spend(micros: Micros): void {
    this.#left -= micros;
    if (this.#left < 0) throw new OverBudget();
  }
}
