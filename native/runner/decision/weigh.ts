import type { WeighedQuestion } from "../../../src/intent/decide.ts";
import type { Slot } from "../slot.ts";
import type { Evaluator } from "./evaluator.ts";
import { fitsTogether, weighTogether } from "./together.ts";
import { startWeighing, type Weighing, wantedIn, weighFirst, weighIn } from "./weighing.ts";

/**
 * Weighs the answers to each question. All questions begin behind the slot's cells, and none sees another. Where sequences can share the slot's
 * cells several are evaluated in one batch; the others take turns in the slot. Either way a question comes out the same to the last bit
 * whatever else is asked. Yields after every batch, for others to have their turn.
 *
 * @returns for each question the logarithm of each answer's probability among its answers; the slot holds what it held before.
 * @throws AppError `engine`; then the slot's cells are unknown.
 */
export function* weighAll(
  questions: readonly WeighedQuestion[],
  slot: Slot,
  evaluator: Evaluator,
): Generator<void, number[][]> {
  const all = questions.map(startWeighing);
  const { shared = [], alone = [] } = Object.groupBy(all, (each) =>
    fitsTogether(each, slot, evaluator) ? "shared" : "alone",
  );
  yield* weighTogether(shared, slot, evaluator);
  if (alone.length > 0) yield* inTurn(alone, slot, evaluator);
  return all.map(({ weights }) => weights);
}

/** Each question in the slot itself, which is put back to where it was behind it. */
function* inTurn(all: readonly Weighing[], slot: Slot, evaluator: Evaluator): Generator<void, void> {
  const prompt = [...slot.cached];
  evaluator.cache.checkpoint(slot);
  for (const each of all) {
    const { tokens } = each;
    yield* evaluator.append(slot, tokens, [tokens.length - 1], (_, scores) => weighFirst(each, scores));
    if (each.branches.length > 0) yield* branchesInTurn(each, slot, evaluator);
    yield* evaluator.putBack(slot, prompt);
  }
}

/** Each branch in the slot, which is put back to the question's end behind it. */
function* branchesInTurn(
  { branches, weights }: Weighing,
  slot: Slot,
  evaluator: Evaluator,
): Generator<void, void> {
  const asked = [...slot.cached];
  evaluator.cache.checkpoint(slot);
  for (const branch of branches) {
    const { path } = branch;
    // llama.cpp computes a single token in another way, with numbers that depend on the threads: so the batch has it twice.
    const batch = path.length === 1 ? [...path, ...path] : path;
    yield* evaluator.append(slot, batch, wantedIn(branch), (at, scores) =>
      weighIn(branch, at, scores, weights),
    );
    yield* evaluator.putBack(slot, asked);
  }
}
