/** Time as a dependency, so that tests need no sleeps. */
export interface Clock {
  /** Wall time, milliseconds since the epoch. */
  now(): number;
  /** Monotonic nanoseconds, for durations. */
  nanos(): number;
  /** Calls `run` once after `ms` milliseconds; the returned function calls it off. Never keeps the process alive. */
  after(ms: number, run: () => void): () => void;
}

/** Longest delay that the platform's timer takes (2^31 - 1 ms); a longer one would fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  nanos: () => Bun.nanoseconds(),
  after(ms, run) {
    if (ms > MAX_TIMER_MS) return () => {};
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
