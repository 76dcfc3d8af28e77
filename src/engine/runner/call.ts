import { AppError, cancelled } from "../../lib/errors.ts";
import type { Call, PendingCall, Requests, RunnerReply } from "./requests.ts";

/**
 * Sends the runner one call. An abort rejects `reply` at once with `cancelled`; `done` of the pending call resolves when the runner has
 * let go of it.
 *
 * @param pick takes the result out of the runner's reply; it returns undefined for a reply of another kind.
 */
export function startCall<T>(
  requests: Requests,
  call: Call,
  pick: (answer: RunnerReply) => T | undefined,
  signal?: AbortSignal,
): { reply: Promise<T>; pending: PendingCall } {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onAbort = () => {
    reject(cancelled());
    pending.cancel();
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  const pending = requests.open(call, {
    end(answer) {
      signal?.removeEventListener("abort", onAbort);
      const value = pick(answer);
      if (value === undefined)
        reject(new AppError("engine", `the model runner answered with "${answer.type}"`));
      else resolve(value);
    },
    fail(error) {
      signal?.removeEventListener("abort", onAbort);
      reject(error);
    },
  });
  return { reply: promise, pending };
}
