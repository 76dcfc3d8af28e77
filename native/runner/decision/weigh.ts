import type { WeighedQuestion } from "../../../src/intent/decide.ts";
import { positionOf } from "../cell-row.ts";
import { packBatch } from "../pack-batch.ts";
import type { Slot } from "../slot.ts";
import type { Evaluator } from "./evaluator.ts";

/** An answer of several tokens: those behind which the next one is to be scored. */
interface Branch {
  /** Its place among the answers. */
  option: number;
  tokens: number[];
  next: number[];
}

/**
 * Weighs the answers to each question. All begin behind what the slot holds: it is put back there before each of them, so that none
 * sees another, and each has batches of its own, so that it comes out the same to the last bit whatever else is asked. Yields after
 * every batch, for others to have their turn.
 *
 * @returns for each question the log-probability of each answer; the slot holds what it held before.
 * @throws AppError `engine`; nothing is known of the slot's cells then.
 */
export function* weighAll(
  questions: readonly WeighedQuestion[],
  slot: Slot,
  evaluator: Evaluator,
): Generator<void, number[][]> {
  const prompt = [...slot.cached];
  evaluator.cache.checkpoint(slot);
  const weights: number[][] = [];
  for (const question of questions) {
    weights.push(yield* weigh(question, slot, evaluator));
    yield* evaluator.putBack(slot, prompt);
  }
  return weights;
}

function* weigh(
  { tokens, options }: WeighedQuestion,
  slot: Slot,
  evaluator: Evaluator,
): Generator<void, number[]> {
  let weights: number[] = [];
  yield* evaluator.append(slot, tokens, "last", (_, scores) => {
    weights = options.map(([first]) => scores(first!));
  });
  const branches = options.flatMap(branchOf);
  if (branches.length === 0) return weights;
  const groups = groupsOf(branches, slot, evaluator);
  if (groups === undefined) yield* oneByOne(branches, slot, evaluator, weights);
  else
    for (const group of groups) {
      together(group, slot, evaluator, weights);
      yield;
    }
  return weights;
}

/** What is to be evaluated of an answer; nothing of a single token, which the question's own scores have. */
const branchOf = (tokens: number[], option: number): Branch[] =>
  tokens.length < 2 ? [] : [{ option, tokens: tokens.slice(0, -1), next: tokens.slice(1) }];

/** Answers that fit one batch, and the cells that are left; undefined where sequences cannot share cells, or one alone does not fit. */
function groupsOf(branches: readonly Branch[], slot: Slot, { model }: Evaluator): Branch[][] | undefined {
  const spare = model.shim.shim_branches();
  const room = Math.min(model.batchSize, model.info.contextLength - slot.cached.length);
  if (spare === 0 || branches.some(({ tokens }) => tokens.length > room)) return undefined;
  const groups: Branch[][] = [];
  for (let left = [...branches]; left.length > 0; ) {
    const group = packBatch(left, room, spare);
    groups.push(group);
    left = left.slice(group.length);
  }
  return groups;
}

/** Each answer in a sequence of its own that shares the slot's cells, all in one batch. */
function together(group: readonly Branch[], slot: Slot, evaluator: Evaluator, weights: number[]): void {
  const { shim, info } = evaluator.model;
  const position = positionOf(slot.media, slot.cached.length);
  const parts = group.map(({ tokens }, at) => ({
    sequence: info.parallel + at,
    tokens,
    position,
    wanted: "all" as const,
  }));
  for (const { sequence } of parts) shim.shim_copy(slot.index, sequence);
  try {
    evaluator.decode(parts);
    let row = 0;
    for (const { option, next } of group)
      for (const token of next) weights[option]! += evaluator.scores(row++)(token);
  } finally {
    for (const { sequence } of parts) shim.shim_forget(sequence, -1, -1);
  }
}

/** Each answer in the slot itself, which is put back behind the question after it. */
function* oneByOne(
  branches: readonly Branch[],
  slot: Slot,
  evaluator: Evaluator,
  weights: number[],
): Generator<void, void> {
  const asked = [...slot.cached];
  evaluator.cache.checkpoint(slot);
  for (const { option, tokens, next } of branches) {
    yield* evaluator.append(slot, tokens, "all", (at, scores) => {
      weights[option]! += scores(next[at]!);
    });
    yield* evaluator.putBack(slot, asked);
  }
}
