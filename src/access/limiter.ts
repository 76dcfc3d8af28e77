import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { Counters, Leave } from "./counters.ts";
import type { KnownKey } from "./known-key.ts";
import { type Window, windowsOf } from "./windows.ts";

/** A request that was let in. */
export interface Admission {
  /** Counts tokens that it has used. */
  spend(tokens: number): void;
  /** To be called when the request has ended. */
  leave: Leave;
}

/** Lets in the requests of keys as far as their limits allow. */
export interface Limiter extends AsyncDisposable {
  /**
   * Nobody knows beforehand how many tokens an answer takes (docs/behaviour: keys §5). So a request is let in while there are tokens left,
   * and answered to its end, however many tokens it takes; they count in the window in which it ends.
   *
   * @returns undefined for a key without limits.
   * @throws AppError `rate_limited`, with the seconds after which it is worth to try again.
   */
  admit(key: KnownKey): Promise<Admission | undefined>;
}

export function createLimiter(counters: Counters, clock: Clock): Limiter {
  return {
    async admit({ id, name, limits }) {
      const { concurrency } = limits;
      const windows = windowsOf(id, limits, clock.now());
      if (windows.length === 0 && concurrency === undefined) return undefined;
      const used = windows.length === 0 ? [] : await counters.used(windows);
      const spent = windows.findLast((window, at) => (used[at] ?? 0) >= window.limit);
      if (spent !== undefined) throw tokensSpent(name, spent, clock.now());
      const leave = concurrency === undefined ? () => {} : await counters.enter(id, concurrency);
      if (leave === undefined) throw allPlacesTaken(name, concurrency ?? 0);
      return {
        spend: (tokens) => void counters.add(windowsOf(id, limits, clock.now()), tokens),
        leave,
      };
    },
    [Symbol.asyncDispose]: () => counters[Symbol.asyncDispose](),
  };
}

/** The longest window counts, since it is pointless to try again before it ends. */
function tokensSpent(name: string, { limit, span, endsAt }: Window, now: number): AppError {
  const retryAfter = Math.max(1, Math.ceil((endsAt - now) / 1000));
  return new AppError(
    "rate_limited",
    `the API key "${name}" has used its ${limit} tokens of this ${span}; try again in ${retryAfter} s`,
    { retryAfter },
  );
}

const allPlacesTaken = (name: string, most: number): AppError =>
  new AppError(
    "rate_limited",
    `the API key "${name}" may have ${most} requests at once; try again when one has ended`,
    {
      retryAfter: 1,
    },
  );
