import { AppError, cancelled } from "../../lib/errors.ts";
import type { Call, PendingCall, Requests, RunnerReply } from "./requests.ts";

/**
 * Asks the runner for one answer. An abort rejects `reply` at once with `cancelled`; the pending tells when the runner has let go of it.
 *
 * @param pick takes from the answer what was asked for; undefined when it is another kind of answer.
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
