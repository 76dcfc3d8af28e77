import type { SlotText } from "../../src/engine/protocol.ts";
import type { TokenLogprob } from "../../src/intent/generate.ts";
import { AppError } from "../../src/lib/errors.ts";
import type { LoadedModel } from "./engine.ts";
import { scoreTokens } from "./logprobs.ts";
import { DEAD_END, float32At, TOO_SLOW } from "./shim.ts";
import type { Job } from "./slot.ts";
import type { SampledToken } from "./step-arrays.ts";

/** The numbers that `shim_sample` returns instead of a token. */
const FAILURES = new Map<number, () => AppError>([
  [DEAD_END, () => new AppError("engine", "the grammar allows nothing that the model's vocabulary can say")],
  [TOO_SLOW, () => new AppError("bad_request", "the schema can be read in too many ways at once")],
]);

/**
 * Takes a sampled token into its job: text that may go out is added to `items`, the token becomes the next one to evaluate.
 * @returns why the answer ends here, "continue", or the error that ends it.
 */
export function readSample(
  model: LoadedModel,
  sample: SampledToken,
  job: Job,
  items: SlotText[],
): "continue" | "stop" | "length" | AppError {
  const failure = FAILURES.get(sample.token);
  if (failure !== undefined) return failure();
  job.sampled++;
  if (sample.ends) return "stop";
  job.generated.push(sample.token);
  if (job.request.logprobs !== undefined) job.heldLogprobs.push(score(model, sample, job.request.logprobs));
  const { text, stopped } = job.text.push(textBytes(model, sample, job));
  if (stopped) job.heldLogprobs = [];
  if (text !== "" || (job.heldLogprobs.length > 0 && !job.text.holding)) items.push(take(job, text));
  if (stopped) return "stop";
  if (job.sampled >= job.limit) return "length";
  job.pending.push(sample.token);
  return "continue";
}

function textBytes(model: LoadedModel, sample: SampledToken, job: Job): Uint8Array {
  if (job.preserved.has(sample.token)) return model.vocabulary.bytes(sample.token, true);
  return sample.bytes ?? model.vocabulary.bytes(sample.token, false);
}

/** The text with the scores that belong to it. */
function take(job: Job, text: string): SlotText {
  const logprobs = job.heldLogprobs;
  job.heldLogprobs = [];
  const { id } = job.request;
  return logprobs.length === 0 ? { id, text } : { id, text, logprobs };
}

function score(model: LoadedModel, sample: SampledToken, top: number): TokenLogprob {
  const logits = float32At(model.shim.shim_logits(sample.row), model.info.vocabSize);
  const scores = scoreTokens(logits, sample.token, top);
  const described = ({ token, logprob }: { token: number; logprob: number }) => {
    const bytes = model.vocabulary.bytes(token, true);
    return { token: new TextDecoder().decode(bytes), logprob, bytes: Array.from(bytes) };
  };
  const own = described(scores.sampled);
  return top === 0 ? own : { ...own, top: scores.top.map(described) };
}
