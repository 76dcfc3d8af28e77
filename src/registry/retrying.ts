import type { Clock } from "../lib/clock.ts";
import { AppError, messageOf } from "../lib/errors.ts";
import { NoRanges } from "./blob-source.ts";
import type { DownloadSettings } from "./settings.ts";
import { RegistryRefusal } from "./upstream.ts";

interface Patience {
  clock: Clock;
  settings: DownloadSettings;
  signal: AbortSignal;
}

/** The longest pause between two attempts, even if a registry asks for more. */
const MOST_PAUSE_MS = 5 * 60_000;

/**
 * Tries `attempt` until it succeeds. Only failures in a row that brought no byte count, so that a bad line, or one that stalls
 * again and again, is not the end of a long download.
 *
 * @param done returns how many bytes have been transferred.
 * @throws AppError `max retries exceeded: …`; a failure after which another attempt cannot help; the signal's reason.
 */
export async function retrying(
  { clock, settings, signal }: Patience,
  done: () => number,
  attempt: () => Promise<void>,
): Promise<void> {
  for (let failures = 0; ; ) {
    const before = done();
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (isFinal(error)) throw error;
      failures = done() > before ? 1 : failures + 1;
      if (failures >= settings.attempts) {
        throw new RegistryRefusal(`max retries exceeded: ${messageOf(error)}`, {
          isLasting: true,
          cause: error,
        });
      }
      const asked = error instanceof RegistryRefusal ? Math.min(error.retryAfterMs, MOST_PAUSE_MS) : 0;
      await pause(clock, Math.max(asked, settings.backoffMs(failures)), signal);
    }
  }
}

/** @throws the signal's reason when aborted. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      callOff();
      reject(signal.reason);
    };
    const callOff = clock.after(ms, () => {
      signal.removeEventListener("abort", abort);
      resolve();
    });
    signal.addEventListener("abort", abort, { once: true });
  });
}

/** Is this a failure after which another attempt cannot help? */
const isFinal = (error: unknown): boolean =>
  error instanceof NoRanges ||
  (error instanceof RegistryRefusal && error.isLasting) ||
  (error instanceof AppError && error.kind !== "upstream");
