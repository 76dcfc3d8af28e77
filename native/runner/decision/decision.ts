import type { RunnerDecide } from "../../../src/engine/protocol.ts";
import { AppError } from "../../../src/lib/errors.ts";
import type { CellRow } from "../cell-row.ts";
import type { SlotWork } from "../slot-work.ts";

/** A request to weigh answers to questions, in a slot. */
export interface DecisionWork extends SlotWork {
  readonly request: RunnerDecide;
  readonly cachedTokens: number;
  /** The questions, one decoded batch at each turn; undefined until the prompt has been evaluated. */
  questions: Generator<void, number[][]> | undefined;
}

/** @param reused cells of the prompt that need no evaluation. */
export const startDecision = (request: RunnerDecide, row: CellRow, reused: number): DecisionWork => ({
  request,
  row,
  limit: 0,
  cachedTokens: reused,
  questions: undefined,
  pending: row.cells.slice(reused),
  promptDoneAt: undefined,
});

/**
 * How many of the cached cells a decision uses: all, or those of whole batches, and of no batch with a picture. A prompt is evaluated in
 * batches that begin at multiples of their size, so that its numbers are the same to the last bit whatever the cache held before.
 */
export function evenly(reused: number, { cells, media }: CellRow, batchSize: number): number {
  if (reused === cells.length) return reused;
  const whole = reused - (reused % batchSize);
  const first = media[0]?.at ?? cells.length;
  return whole <= first ? whole : 0;
}

/** Most cells that any question needs behind the prompt. */
const longestQuestion = ({ questions }: RunnerDecide): number =>
  Math.max(
    ...questions.map(
      ({ tokens, options }) => tokens.length + Math.max(...options.map(({ length }) => length)),
    ),
  );

/** The server checks this too, with better texts; here it keeps a batch that others share from failing. @throws AppError `bad_request`. */
export function checkDecision(request: RunnerDecide, prompt: number, contextLength: number): void {
  const { questions } = request;
  const empty = questions.some(
    ({ tokens, options }) =>
      tokens.length === 0 || options.length === 0 || options.some(({ length }) => length === 0),
  );
  if (prompt === 0 || questions.length === 0 || empty)
    throw new AppError("bad_request", "a prompt, a question or an answer has no tokens");
  const needed = prompt + longestQuestion(request);
  if (needed > contextLength)
    throw new AppError(
      "bad_request",
      `the prompt and its longest question need ${needed} tokens, and the context length is ${contextLength}`,
    );
}
