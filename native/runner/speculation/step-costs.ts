import { RunningMedian } from "./running-median.ts";

/** Steps that must have been measured before their time counts as known. */
const LEAST_STEPS = 3;
/** The time that a second token, and each further one, adds to a step, as a share of a step with one; assumed for widths not yet measured. */
const SECOND = 0.5;
const FURTHER = 0.05;

/** Milliseconds that steps of one answer take, by their width, as far as they have been measured. */
export class StepCosts {
  readonly #seen = new Map<number, RunningMedian>();

  observe(width: number, ms: number): void {
    const seen = this.#seen.get(width) ?? new RunningMedian();
    this.#seen.set(width, seen);
    seen.add(ms);
  }

  /** Of a step with one token; undefined until a few have been measured. */
  get plain(): number | undefined {
    const seen = this.#seen.get(1);
    return seen === undefined || seen.count < LEAST_STEPS ? undefined : seen.value;
  }

  /**
   * Of a step with `width` tokens: as measured, or else a little more than the next narrower that was. The estimate is rather too low than
   * too high, since a width that seems too slow would never be tried.
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
