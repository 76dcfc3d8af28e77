import type { GenerationMessage, RunnerDecide } from "../../../src/engine/protocol.ts";
import { AppError } from "../../../src/lib/errors.ts";
import type { Admitted } from "../admission.ts";
import { mediaAt, mediaBehind } from "../cell-row.ts";
import type { Slot } from "../slot.ts";
import { checkDecision, type DecisionWork, evenly, startDecision } from "./decision.ts";
import { Evaluator, type EvaluatorOptions } from "./evaluator.ts";
import { weighAll } from "./weigh.ts";

/**
 * The part of a step that is about decisions: one batch of one of them. No other slot's tokens are in it, which may change the last bits
 * of what comes out. Pictures of its prompt are MediaSteps' to evaluate.
 */
export class DecisionSteps {
  readonly #evaluator: Evaluator;

  constructor(options: EvaluatorOptions) {
    this.#evaluator = new Evaluator(options);
  }

  /** @throws AppError `bad_request` for what does not fit; the slot is as it was then. */
  start(request: RunnerDecide, { row, slot, report }: Pick<Admitted, "row" | "slot" | "report">): void {
    const { cache, model } = this.#evaluator;
    checkDecision(request, row.cells.length, model.info.contextLength);
    const kept = cache.cut(slot, evenly(report.reused, row, model.batchSize));
    slot.decision = startDecision(request, row, kept);
  }

  /**
   * @param slots in the order of their turn.
   * @returns the result or the error of a decision that ended, true for a batch that was not its last, false when there was none to do.
   */
  step(
    slots: readonly Slot[],
  ): boolean | { slot: Slot; message: GenerationMessage } | { slot: Slot; id: number; error: AppError } {
    for (const slot of slots) {
      const { decision } = slot;
      if (decision === undefined || mediaAt(decision.row.media, slot.cached.length) !== undefined) continue;
      try {
        const message = this.#advance(slot, decision);
        return message === undefined ? true : { slot, message };
      } catch (error) {
        return { slot, id: decision.request.id, error: AppError.from(error) };
      }
    }
    return false;
  }

  #advance(slot: Slot, decision: DecisionWork): GenerationMessage | undefined {
    const { request, row, cachedTokens } = decision;
    if (decision.pending.length > 0) {
      this.#fill(slot, decision);
      return undefined;
    }
    decision.promptDoneAt ??= Bun.nanoseconds();
    decision.questions ??= weighAll(request.questions, slot, this.#evaluator);
    const { done, value } = decision.questions.next();
    if (!done) return undefined;
    return {
      type: "decided",
      id: request.id,
      logprobs: value,
      promptTokens: row.cells.length,
      cachedTokens,
      batch: this.#evaluator.meter.take(),
    };
  }

  /** A batch of the prompt, or what comes before its next picture. */
  #fill(slot: Slot, { row, pending }: DecisionWork): void {
    const at = slot.cached.length;
    const end = mediaBehind(row.media, at)?.at ?? row.cells.length;
    const count = Math.min(end - at, this.#evaluator.model.batchSize);
    this.#evaluator.append(slot, pending.splice(0, count)).next();
  }
}
