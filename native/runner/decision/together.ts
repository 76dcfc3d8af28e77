import { positionOf } from "../cell-row.ts";
import type { LoadedModel } from "../engine.ts";
import { packBatch } from "../pack-batch.ts";
import type { Slot } from "../slot.ts";
import type { Evaluator } from "./evaluator.ts";
import { type Filler, GappedBatch } from "./gapped-batch.ts";
import type { Branch } from "./option-tree.ts";
import { placeBlocks, STEP, TILE, upTo } from "./place-blocks.ts";
import { type Weighing, wantedIn, weighFirst, weighIn } from "./weighing.ts";

/** Most rows of a batch of branches. Below a tile every token goes over the cells by itself, wherever they are. */
const BRANCH_ROWS = TILE - STEP;

/** Cells behind those of the last question: fillers of its batch, and branches. */
const BEHIND = TILE + BRANCH_ROWS;

/** Rows that a batch can have. */
const rowsOf = ({ batchSize }: LoadedModel): number => batchSize - (batchSize % STEP);

/** The cell from which questions are placed: none shares a tile with the prompt. */
const firstCell = (slot: Slot): number => upTo(slot.cached.length, TILE);

/** The sequences beside the slot's: numbers of the first for questions and for branches, and how many there are of each. */
function sequencesOf({ shim, info }: LoadedModel) {
  const [filler, spare] = [info.parallel, shim.shim_branches() - 1];
  const questions = Math.ceil(spare / 2);
  return {
    filler,
    question: filler + 1,
    questions,
    branch: filler + 1 + questions,
    branches: spare - questions,
  };
}

/**
 * May a question share a batch with others? The answer depends on nothing but the question and its prompt, so that the same question is
 * always computed in the same way.
 */
export function fitsTogether({ tokens, branches }: Weighing, slot: Slot, { model }: Evaluator): boolean {
  if (model.shim.shim_branches() === 0 || branches.some(({ path }) => path.length > BRANCH_ROWS))
    return false;
  const block = Math.max(TILE, upTo(tokens.length, STEP));
  return block <= rowsOf(model) && firstCell(slot) + block + BEHIND <= model.info.contextLength;
}

/**
 * Weighs questions in as few batches as there can be. Each is a sequence of its own that shares the prompt's cells, and is placed so that
 * it is computed as it would be alone. A turn is a group of questions with all branches behind them: no sequence outlasts it.
 */
export function* weighTogether(
  all: readonly Weighing[],
  slot: Slot,
  evaluator: Evaluator,
): Generator<void, void> {
  for (let left = all; left.length > 0; ) {
    const places = placesOf(left, slot, evaluator.model);
    const group = new Group(left.slice(0, places.length), slot, evaluator);
    group.weigh(places);
    left = left.slice(places.length);
    yield;
  }
}

/** The places of as many questions as go into one batch. A GPU's kernels are chosen by the size of a batch: there every question has its own. */
function placesOf(all: readonly Weighing[], slot: Slot, model: LoadedModel): number[] {
  const { contextLength, sizeVramBytes } = model.info;
  const room = Math.min(rowsOf(model), contextLength - firstCell(slot) - BEHIND);
  const most = sizeVramBytes > 0 ? 1 : sequencesOf(model).questions;
  const lengths = all.slice(0, most).map(({ tokens }) => tokens.length);
  return placeBlocks(lengths, room);
}

/** Questions that are evaluated in one batch. */
class Group {
  readonly #members: readonly Weighing[];
  readonly #slot: Slot;
  readonly #evaluator: Evaluator;
  readonly #sequences: ReturnType<typeof sequencesOf>;
  readonly #filler: Filler;
  /** Where a question begins. */
  readonly #position: number;

  constructor(members: readonly Weighing[], slot: Slot, evaluator: Evaluator) {
    this.#members = members;
    this.#slot = slot;
    this.#evaluator = evaluator;
    this.#sequences = sequencesOf(evaluator.model);
    this.#filler = { sequence: this.#sequences.filler, token: members[0]!.tokens[0]!, length: 0 };
    this.#position = positionOf(slot.media, slot.cached.length);
  }

  weigh(places: readonly number[]): void {
    try {
      this.#fillGap();
      this.#ask(places);
      const branches = this.#members.flatMap((member, at) =>
        member.branches.map((branch) => ({ at, branch, tokens: branch.path })),
      );
      for (let left = branches; left.length > 0; ) {
        const pack = packBatch(left, BRANCH_ROWS, this.#sequences.branches);
        this.#branchOff(pack);
        left = left.slice(pack.length);
      }
    } finally {
      this.#forget(this.#sequences.question, this.#members.length);
      this.#forget(this.#sequences.filler, 1);
    }
  }

  /** In a batch of its own: a filler sees no cells but its own, and costs attention nothing where no question's token shares its tile. */
  #fillGap(): void {
    const batch = new GappedBatch(this.#filler);
    batch.fillTo(firstCell(this.#slot) - this.#slot.cached.length);
    if (batch.parts.length > 0) this.#evaluator.decode(batch.parts);
  }

  #ask(places: readonly number[]): void {
    const batch = new GappedBatch(this.#filler);
    const rows = this.#members.map(({ tokens }, at) => {
      batch.fillTo(places[at]!);
      const last = tokens.length - 1;
      const sequence = this.#sequences.question + at;
      this.#evaluator.model.shim.shim_copy(this.#slot.index, sequence);
      return last + batch.add({ sequence, tokens, position: this.#position, wanted: [last] });
    });
    this.#evaluator.decode(batch.complete(TILE));
    for (const [at, member] of this.#members.entries()) weighFirst(member, this.#evaluator.scores(rows[at]!));
  }

  /** Each branch is a sequence that shares the cells of its question. */
  #branchOff(pack: readonly { at: number; branch: Branch }[]): void {
    const { question, branch: first } = this.#sequences;
    const batch = new GappedBatch(this.#filler);
    try {
      const rows = pack.map(({ at, branch }, index) => {
        const sequence = first + index;
        this.#evaluator.model.shim.shim_copy(question + at, sequence);
        const position = this.#position + this.#members[at]!.tokens.length;
        return batch.add({ sequence, tokens: branch.path, position, wanted: wantedIn(branch) });
      });
      this.#evaluator.decode(batch.complete(STEP));
      for (const [index, { at, branch }] of pack.entries())
        for (const place of wantedIn(branch))
          weighIn(branch, place, this.#evaluator.scores(rows[index]! + place), this.#members[at]!.weights);
    } finally {
      this.#forget(first, pack.length);
    }
  }

  #forget(first: number, count: number): void {
    for (let at = 0; at < count; at++) this.#evaluator.model.shim.shim_forget(first + at, -1, -1);
  }
}
