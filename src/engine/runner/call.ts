import { AppError, cancelled } from "../../lib/errors.ts";
import type { Answer, Question, Requests, Ticket } from "./requests.ts";

/**
 * Asks the runner for one answer. An abort rejects `reply` at once with `cancelled`; the ticket tells when the runner has let go of it.
 *
 * @param pick takes from the answer what was asked for; undefined when it is another kind of answer.
 */
export function startCall<T>(
  requests: Requests,
  question: Question,
  pick: (answer: Answer) => T | undefined,
  signal?: AbortSignal,
): { reply: Promise<T>; ticket: Ticket } {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onAbort = () => {
    reject(cancelled());
    ticket.cancel();
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  const ticket = requests.open(question, {
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
  return { reply: promise, ticket };
}
