interface Running<State> {
  state: State;
  result: Promise<void>;
  abort: AbortController;
  waiting: number;
}

/** Work that several callers need at the same time is done once. When the last caller leaves, it is aborted. */
export class SharedWork<State> {
  readonly #running = new Map<string, Running<State>>();

  /** The state of the work that is under way as `key`. */
  get(key: string): State | undefined {
    return this.#running.get(key)?.state;
  }

  /**
   * Joins the work that is under way as `key`, or starts it.
   *
   * @param signal of the caller that joins; aborting it means leaving.
   * @returns the work's state at once, and a promise of its end. For a caller that leaves the promise rejects with its signal's reason; if
   *   it was the last one, only after the work has stopped.
   */
  join(
    key: string,
    signal: AbortSignal,
    create: () => State,
    work: (state: State, signal: AbortSignal) => Promise<void>,
  ): { state: State; ended: Promise<void> } {
    let running = this.#running.get(key);
    if (running === undefined || running.abort.signal.aborted) {
      running = this.#start(key, running, create(), work);
    }
    return { state: running.state, ended: this.#wait(running, signal) };
  }

  /** Aborts the work that is under way as `key`, for all callers. @returns when it has stopped. */
  async abort(key: string, reason: Error): Promise<void> {
    const running = this.#running.get(key);
    running?.abort.abort(reason);
    await running?.result.catch(() => {});
  }

  async abortAll(reason: Error): Promise<void> {
    await Promise.all([...this.#running.keys()].map((key) => this.abort(key, reason)));
  }

  #start(
    key: string,
    before: Running<State> | undefined,
    state: State,
    work: (state: State, signal: AbortSignal) => Promise<void>,
  ): Running<State> {
    const abort = new AbortController();
    // Work that is being aborted still holds its files.
    const rested = before?.result.catch(() => {}) ?? Promise.resolve();
    const result = rested.then(() => work(state, abort.signal));
    const running: Running<State> = { state, result, abort, waiting: 0 };
    this.#running.set(key, running);
    const forget = () => {
      if (this.#running.get(key) === running) this.#running.delete(key);
    };
    result.then(forget, forget);
    return running;
  }

  async #wait(running: Running<State>, signal: AbortSignal): Promise<void> {
    running.waiting++;
    const left = Promise.withResolvers<never>();
    const leave = () => left.reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
    try {
      await Promise.race([running.result, left.promise]);
    } finally {
      signal.removeEventListener("abort", leave);
      running.waiting--;
      if (running.waiting === 0 && signal.aborted) {
        running.abort.abort(signal.reason);
        await running.result.catch(() => {});
      }
    }
  }
}
