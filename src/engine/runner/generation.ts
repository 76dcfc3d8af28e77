import { AsyncQueue } from "../../lib/async-queue.ts";
import { AppError, cancelled } from "../../lib/errors.ts";
import type { EngineEvent, GenerateTask } from "../port.ts";
import type { SlotDone } from "../protocol.ts";
import type { PendingCall, Requests, RunnerReply } from "./requests.ts";

/**
 * Starts an answer. The events queue up while the consumer is slow: no more than `num_predict` of them, or ten times the context
 * length where that is unlimited, and a token is a few bytes; so the queue needs no bound, and one slow client never holds up the step
 * that it shares with the others. Towards the client the HTTP layer has back-pressure.
 */
export function startGeneration(
  requests: Requests,
  task: GenerateTask,
  signal: AbortSignal,
): { events: AsyncIterable<EngineEvent>; pending: PendingCall } {
  const onAbort = () => {
    events.abort(cancelled());
    pending.cancel();
  };
  const events = new AsyncQueue<EngineEvent>(() => {
    signal.removeEventListener("abort", onAbort);
    pending.cancel();
  });
  signal.addEventListener("abort", onAbort, { once: true });
  const pending = requests.open(
    { type: "generate", ...task },
    {
      text({ text, logprobs }) {
        events.push(logprobs === undefined ? { type: "text", text } : { type: "text", text, logprobs });
      },
      end(answer) {
        signal.removeEventListener("abort", onAbort);
        finish(events, answer);
      },
      fail(error) {
        signal.removeEventListener("abort", onAbort);
        events.fail(error);
      },
    },
  );
  return { events, pending };
}

function finish(events: AsyncQueue<EngineEvent>, answer: RunnerReply): void {
  if (answer.type !== "done") {
    events.fail(new AppError("engine", `the model runner answered with "${answer.type}"`));
    return;
  }
  events.push({ type: "done", reason: answer.reason, result: resultOf(answer) });
  events.close();
}

function resultOf({ type: _type, id: _id, reason: _reason, ...result }: SlotDone) {
  return result;
}
