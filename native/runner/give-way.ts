import type { StepCosts } from "./speculation/step-costs.ts";

/** Batches are paused for so many times as long as their last step took. */
const PAUSE = 8;

/**
 * The longest step of batches: as long as so many tokens of an answer take, or that part of the time since the last interactive request.
 * The next one finds it under way, and waits in proportion to how long it has stayed away.
 */
const STEP_TOKENS = 2;
const STEP_PART = 1 / 20;

/** Prompt tokens that a step of batches has at least, all of them together. */
const LEAST_CHUNK = 4;

/**
 * A client that has its answer, or whose text was tokenised, is likely to come back within so long: batches wait for that, since it would
 * find their next step under way. Milliseconds.
 */
const EXPECTED_MS = 20;

/** A slot with its request, which can have a part in a step. */
interface Worker {
  readonly job: { readonly request: { readonly batch?: boolean } } | undefined;
}

/** The work of one step. */
export interface StepTurn<W extends Worker> {
  workers: readonly W[];
  /** Most prompt tokens that are evaluated for all workers together in the step. */
  chunk: number;
}

/** @returns how many tokens were evaluated; undefined when there was nothing to do. */
type Work<W extends Worker> = (turn: StepTurn<W>) => number | undefined;

/**
 * Divides steps between interactive requests and batches, by the time that each takes. Batches that are alone have every step. Beside an
 * interactive request they have a step of their own whenever that has had eight times as long as their last step took: its reader loses an
 * eighth, and they get on. A step of theirs is kept short, also between the interactive requests, since the next of those finds it under
 * way; and they wait for that one a moment, where it is likely to come.
 */
export class GiveWay {
  readonly #capacity: number;
  readonly #costs: Pick<StepCosts, "plain">;
  readonly #now: () => number;
  /** How long interactive requests go on before it is the batches' turn again. Milliseconds. */
  #pause = 0;
  #seenAt = Number.NEGATIVE_INFINITY;
  #expectedUntil = Number.NEGATIVE_INFINITY;
  /** Milliseconds that a token took in the last step of batches. */
  #perToken = Number.POSITIVE_INFINITY;
  #hadInteractive = false;
  /** Tokens were evaluated since batches last waited for a request. */
  #hasMoved = false;

  /** @param capacity tokens that a step holds. @param now milliseconds. */
  constructor(capacity: number, costs: Pick<StepCosts, "plain">, now: () => number) {
    this.#capacity = capacity;
    this.#costs = costs;
    this.#now = now;
  }

  /** Milliseconds that batches wait for a request that is likely to come; 0: they do not. */
  get held(): number {
    return Math.max(0, this.#expectedUntil - this.#now());
  }

  /** A request is likely to come: its text was tokenised. Clients that only count tokens cannot hold batches up again and again. */
  expect(): void {
    if (this.#seenAt === Number.NEGATIVE_INFINITY || !this.#hasMoved) return;
    this.#hasMoved = false;
    this.#expectedUntil = this.#now() + EXPECTED_MS;
  }

  /** A request has come. */
  arrived(): void {
    this.#expectedUntil = Number.NEGATIVE_INFINITY;
  }

  /**
   * One step. Those whose turn it is may have nothing to do, since they wait for a picture to be decoded; then the others have it.
   *
   * @returns false when nobody had anything to do, or batches are {@link held}.
   */
  step<W extends Worker>(workers: readonly W[], work: Work<W>): boolean {
    const batches = workers.filter(({ job }) => job?.request.batch === true);
    const interactive = workers.filter((worker) => !batches.includes(worker));
    if (interactive.length > 0) this.#seenAt = this.#now();
    else if (this.#hadInteractive) this.expect();
    this.#hadInteractive = interactive.length > 0;
    if (!this.#hadInteractive && this.held > 0) return false;
    const first = () => this.#interactive(interactive, work);
    const second = () => this.#batch(batches, work);
    return this.#pause > 0 ? first() || second() : second() || first();
  }

  #interactive<W extends Worker>(workers: readonly W[], work: Work<W>) {
    const done = this.#timed(workers, this.#capacity, work);
    if (done !== undefined) this.#pause = Math.max(0, this.#pause - done.ms);
    return done !== undefined;
  }

  #batch<W extends Worker>(workers: readonly W[], work: Work<W>) {
    const room = this.#room();
    const chunk = Math.max(LEAST_CHUNK, room);
    // Those that have waited longest, where not even a token of each goes into the step.
    const first = workers.slice(0, Math.max(1, room));
    const done = this.#timed(first, chunk, work) ?? this.#timed(workers, chunk, work);
    if (done === undefined) return false;
    this.#pause = PAUSE * done.ms;
    if (done.tokens > 0) this.#perToken = done.ms / done.tokens;
    return true;
  }

  /** How many tokens of batches go into the time that a step of theirs may take. */
  #room(): number {
    const away = this.#now() - this.#seenAt;
    if (away === Number.POSITIVE_INFINITY) return this.#capacity;
    const most = Math.max(STEP_TOKENS * (this.#costs.plain ?? 0), STEP_PART * away);
    return Math.min(this.#capacity, Math.floor(most / this.#perToken));
  }

  #timed<W extends Worker>(workers: readonly W[], chunk: number, work: Work<W>): Done | undefined {
    if (workers.length === 0) return undefined;
    const start = this.#now();
    const tokens = work({ workers, chunk });
    this.#hasMoved ||= tokens !== undefined;
    return tokens === undefined ? undefined : { tokens, ms: this.#now() - start };
  }
}

interface Done {
  tokens: number;
  ms: number;
}
