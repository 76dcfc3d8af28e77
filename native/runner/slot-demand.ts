import { AppError } from "../../src/lib/errors.ts";
import { mediaAt, mediaBehind } from "./cell-row.ts";
import type { Job, Slot } from "./slot.ts";

/** The part of the next step that one slot asks for. */
export interface SlotDemand {
  slot: number;
  /** Tokens still to be evaluated: one while generating, the rest of the prompt before that. */
  remaining: number;
  /** Most of them that the step may evaluate: a checkpoint is made there. */
  pause?: number;
  /** Generating already; goes first, so that a long prompt delays an answer by one chunk at most. */
  generating: boolean;
  /** A picture follows: the last of `remaining` is not the last of the prompt. Default false. */
  more?: boolean;
}

/** The tokens that a slot has to evaluate next: those before the next picture, none where one is next. */
export function demandOf(slot: Slot): SlotDemand[] {
  if (slot.job === undefined) return [];
  const { row, pending, promptDoneAt } = slot.job;
  const demand = {
    slot: slot.index,
    remaining: pending.length,
    generating: promptDoneAt !== undefined,
    ...pauseOf(slot, slot.job),
  };
  if (demand.generating || row.media.length === 0) return [demand];
  const at = slot.cached.length;
  if (mediaAt(row.media, at) !== undefined) return [];
  const next = mediaBehind(row.media, at);
  return [next === undefined ? demand : { ...demand, remaining: next.at - at, more: true }];
}

const pauseOf = ({ cached }: Slot, { boundaries: [next] }: Job): { pause?: number } =>
  next === undefined ? {} : { pause: next - cached.length };

/** The server cuts prompts to the context; a prompt that is longer all the same must not fail the batch that it would share with others. */
export function checkPromptLength(tokens: number, contextLength: number): void {
  if (tokens === 0) throw new AppError("bad_request", "the prompt is empty");
  if (tokens <= contextLength) return;
  throw new AppError(
    "bad_request",
    `the prompt of ${tokens} tokens exceeds the context length of ${contextLength}`,
  );
}
