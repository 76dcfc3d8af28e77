/** A step that costs this many times the expected is a sign of threads waiting for a core that another process has. */
const SLOWDOWN = 3;
/** After so many slow steps in a row the threads are halved. */
const MOST_SLOW_STEPS = 2;
/** Steps before the first trial, and before the next one while trials pay: the neighbours may have been there from the start. */
const EAGER_TRIAL = 4;
/** Steps after a trial that did not pay; doubles with every further one. */
const WARY_TRIAL = 256;
const RAREST_TRIAL = 1024;
/** Weight of the newest step in the running cost. */
const SMOOTHING = 0.2;

/**
 * Chooses the thread count step by step. ggml's threads spin at every barrier, so beside busy neighbours two threads can be a
 * hundred times slower than one. The governor watches what single-token steps cost, halves the threads when they suddenly cost
 * {@link SLOWDOWN} times the usual, and now and then tries the next count up or down
 * (the neighbours may have been there from the start), keeping it when it pays.
 *
 * Pure: the cost of each step comes in, a thread count goes out.
 */
export class ThreadGovernor {
  readonly #max: number;
  /** Usual milliseconds per step, by thread count. */
  readonly #cost = new Map<number, number>();
  #threads: number;
  #slow = 0;
  #sinceChange = 0;
  #trialAfter = EAGER_TRIAL;
  /** Direction of the next trial: on while it pays, about when it does not. */
  #upwards = false;
  /** The count to go back to when the trial in progress does not pay. */
  #trialFrom: number | undefined;

  constructor(max: number) {
    this.#max = max;
    this.#threads = max;
  }

  /** Threads for the next step. */
  get threads(): number {
    return this.#threads;
  }

  /** Reports that a step of `width` single tokens took `ms`. Steps with prompt chunks are not comparable and not reported. */
  observe(width: number, ms: number): void {
    // Weights are read once a step however many tokens it has, so a wider step costs less than its width.
    const cost = ms / (1 + (width - 1) * 0.5);
    this.#sinceChange++;
    if (this.#trialFrom !== undefined) this.#judge(cost, this.#trialFrom);
    else if (cost > this.#expected() * SLOWDOWN) this.#suffer();
    else this.#learn(cost);
  }

  /** The expected time of a step; for a thread count not used yet, computed from the others as if threads shared the work evenly. */
  #expected(): number {
    const known = this.#cost.get(this.#threads);
    if (known !== undefined) return known;
    const guesses = [...this.#cost].map(([threads, cost]) => (cost * threads) / this.#threads);
    return Math.min(Number.POSITIVE_INFINITY, ...guesses);
  }

  #suffer(): void {
    this.#slow++;
    if (this.#slow >= MOST_SLOW_STEPS && this.#threads > 1) this.#change(this.#threads >> 1);
  }

  #learn(cost: number): void {
    const usual = this.#cost.get(this.#threads) ?? cost;
    this.#slow = 0;
    this.#cost.set(this.#threads, usual + (cost - usual) * SMOOTHING);
    if (this.#max === 1 || this.#sinceChange < this.#trialAfter) return;
    const from = this.#threads;
    if (from === 1) this.#upwards = true;
    if (from === this.#max) this.#upwards = false;
    this.#change(this.#upwards ? Math.min(this.#max, from * 2) : from >> 1);
    this.#trialFrom = from;
  }

  /** The first step after a change pays for waking the threads, so the second is judged, unless the first is hopeless. */
  #judge(cost: number, from: number): void {
    const before = this.#cost.get(from) ?? Number.POSITIVE_INFINITY;
    if (this.#sinceChange < 2 && cost < before * SLOWDOWN) return;
    this.#trialFrom = undefined;
    if (cost < before) {
      this.#trialAfter = EAGER_TRIAL;
      this.#cost.set(this.#threads, cost);
      return;
    }
    this.#upwards = !this.#upwards;
    this.#trialAfter = Math.min(RAREST_TRIAL, Math.max(WARY_TRIAL, this.#trialAfter * 2));
    this.#change(from);
  }

  #change(threads: number): void {
    this.#threads = threads;
    this.#slow = 0;
    this.#sinceChange = 0;
  }
}
