import { RunningMedian } from "./running-median.ts";

/** Steps before it is known what one takes. */
const LEAST_STEPS = 3;
/** What a second token adds to a step, and each further one, as shares of a step with one; believed of widths that have not been seen. */
const SECOND = 0.5;
const FURTHER = 0.05;

/** What steps of one answer take by their width, as far as they have been seen. Milliseconds. */
export class StepCosts {
  readonly #seen = new Map<number, RunningMedian>();

  observe(width: number, ms: number): void {
    const seen = this.#seen.get(width) ?? new RunningMedian();
    this.#seen.set(width, seen);
    seen.add(ms);
  }

  /** Of a step with one token; undefined until a few have been seen. */
  get plain(): number | undefined {
    const seen = this.#seen.get(1);
    return seen === undefined || seen.count < LEAST_STEPS ? undefined : seen.value;
  }

  /**
   * Of a step with `width` tokens: as seen, or else a little more than the next narrower that was. Rather too little than too much: what
   * is believed to be dear would never be seen.
   * @param plain {@link plain}.
   */
  of(width: number, plain: number): number {
    if (width <= 1) return plain;
    const narrower = [...this.#seen.keys()].filter((each) => each > 1 && each <= width);
    const base = Math.max(2, ...narrower);
    const ms = this.#seen.get(base)?.value ?? plain * (1 + SECOND);
    return Math.max(plain, ms + (width - base) * FURTHER * plain);
  }
}
