/** Values that are remembered. */
const REMEMBERED = 9;

/** The median of the latest values: the usual time of something, in which rare delays by other work do not show. */
export class RunningMedian {
  readonly #values: number[] = [];
  #count = 0;
  #median: number | undefined;

  /** How many values there have been. */
  get count(): number {
    return this.#count;
  }

  /** Undefined until there is a value. */
  get value(): number | undefined {
    return this.#median;
  }

  add(value: number): void {
    this.#values[this.#count++ % REMEMBERED] = value;
    this.#median = this.#values.toSorted((a, b) => a - b)[this.#values.length >> 1];
  }
}
