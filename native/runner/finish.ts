import type { BatchCounts, Speculated } from "../../src/engine/port.ts";
import type { GenerationMessage } from "../../src/engine/protocol.ts";
import { defined } from "../../src/lib/defined.ts";
import type { Job } from "./slot.ts";

/** The counts of guesses, where there were any. */
function guessesOf({ speculation }: Job): { speculation?: Speculated } {
  const counts = speculation?.counts;
  return defined({ speculation: counts });
}

/**
 * The last messages of an answer: text that was held back because a stop string could have begun in it, then the counts.
 * @param now nanoseconds, on the clock of `Job.startedAt`.
 * @param batch counts of all answers, since the last one ended.
 */
export function finishJob(
  job: Job,
  reason: "stop" | "length",
  now: number,
  batch: BatchCounts,
): GenerationMessage[] {
  const { id } = job.request;
  const promptDoneAt = job.promptDoneAt ?? now;
  const { stoppedBy } = job.text;
  const done: GenerationMessage = {
    type: "done",
    id,
    reason,
    promptTokens: job.row.cells.length,
    cachedTokens: job.cachedTokens,
    cache: job.cache,
    generatedTokens: job.sampled,
    promptDuration: Math.round(promptDoneAt - job.startedAt),
    generateDuration: Math.round(now - promptDoneAt),
    tokens: job.generated,
    ...guessesOf(job),
    batch,
    ...defined({ stopString: stoppedBy }),
  };
  const text = job.text.end();
  if (text === "" && job.heldLogprobs.length === 0) return [done];
  const item = job.heldLogprobs.length === 0 ? { id, text } : { id, text, logprobs: job.heldLogprobs };
  return [{ type: "text", items: [item] }, done];
}
