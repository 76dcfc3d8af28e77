import type { SlotText } from "../../../src/engine/protocol.ts";
import type { AppError } from "../../../src/lib/errors.ts";
import type { LoadedModel } from "../engine.ts";
import type { KvCache } from "../kv-cache.ts";
import { readSample } from "../read-sample.ts";
import type { Job, Slot } from "../slot.ts";
import type { StepArrays } from "../step-arrays.ts";
import type { StepCosts } from "./step-costs.ts";

/** The outcome of a step with a guess. */
export type Verified =
  | { type: "failed"; code: number }
  | { type: "read"; items: SlotText[]; end: "continue" | "stop" | "length" | AppError };

/** The parts of the loop that a step of any slot uses. */
export interface StepTools {
  model: LoadedModel;
  cache: KvCache;
  arrays: StepArrays;
}

/**
 * One step of a single answer that evaluates a guess of several tokens at once. Every token is sampled from the model's own logits, in
 * order and with the answer's own sampler, so a guess changes how fast an answer comes and not its text: the step ends at the first token
 * that was guessed wrong.
 *
 * @returns undefined when there was no guess; then nothing was evaluated.
 */
export function verifyStep(
  slot: Slot,
  job: Job,
  { model, cache, arrays }: StepTools,
  costs: StepCosts,
): Verified | undefined {
  const text = { cached: slot.cached, next: job.pending[0]! };
  const guess = job.speculation?.guess(job.generated, text, roomFor(slot, job, model));
  if (job.speculation === undefined || guess === undefined) return undefined;
  const { shim } = model;
  const { tokens } = guess;
  const cells = [...job.pending, ...tokens];
  arrays.clear();
  arrays.addAll(slot.index, cells, slot.cached.length);
  const start = Bun.nanoseconds();
  const code = shim.shim_decode(cells.length);
  if (code !== 0) return { type: "failed", code };
  costs.observe(cells.length, (Bun.nanoseconds() - start) / 1e6);
  const items: SlotText[] = [];
  const read = (row: number) => {
    arrays.outputs = 0;
    arrays.want(slot.index, row);
    shim.shim_sample(1);
    job.pending = [];
    return readSample(model, arrays.outputOf(slot.index), job, items);
  };
  let right = 0;
  let end = read(0);
  while (end === "continue" && right < tokens.length && job.pending[0] === tokens[right]) {
    right++;
    end = read(right);
  }
  cache.append(slot, cells.slice(0, right + 1));
  if (right < tokens.length) cache.trim(slot);
  job.speculation.learned(guess, right);
  return { type: "read", items, end };
}

/** Tokens that can be guessed before the context, the answer or the batch ends. */
const roomFor = ({ cached }: Slot, { limit, sampled }: Job, { info, batchSize }: LoadedModel): number =>
  Math.min(info.contextLength - cached.length - 1, limit - sampled - 1, batchSize - 1);
