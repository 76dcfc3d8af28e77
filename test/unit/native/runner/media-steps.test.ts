import { describe, expect, test } from "bun:test";
import type { MediaSpan } from "../../../../native/runner/cell-row.ts";
import type { LoadedModel } from "../../../../native/runner/engine.ts";
import type { PieceReadiness } from "../../../../native/runner/gallery.ts";
import type { KvCache } from "../../../../native/runner/kv-cache.ts";
import type { ChunkPart } from "../../../../native/runner/media-positions.ts";
import { MediaSteps } from "../../../../native/runner/media-steps.ts";
import { emptySlot, type Slot } from "../../../../native/runner/slot.ts";
import type { MediaPiece } from "../../../../src/engine/pieces.ts";
import { AppError } from "../../../../src/lib/errors.ts";

const HASH = "ab".repeat(32);

/** A slot whose prompt is two tokens, a picture of `cells` cells, and `after` tokens. */
function slotWith(piece: Partial<MediaPiece> & { cells: number }, after = 0): Slot {
  const span: MediaSpan = { at: 2, piece: { hash: HASH, chunk: 0, positions: piece.cells, ...piece } };
  const cells = [1, 2, ...Array<number>(piece.cells).fill(-7), ...Array<number>(after).fill(3)];
  const row = { cells, media: [span] };
  const slot = { ...emptySlot(0), cached: [1, 2] };
  slot.decision = {
    row,
    request: { id: 9 },
    limit: 5,
    pending: cells.slice(2),
    promptDoneAt: undefined,
  } as never;
  return slot;
}

function stepsWith(readiness: PieceReadiness, batchSize = 8) {
  const parts: ChunkPart[] = [];
  const encodings: MediaPiece[] = [];
  const vision = {
    decode: (_context: unknown, _sequence: number, _encoded: unknown, part: ChunkPart) => {
      parts.push(part);
      return 0;
    },
  };
  const gallery = { readiness: () => readiness, encode: (piece: MediaPiece) => encodings.push(piece) };
  const model = { batchSize, sight: { vision, gallery }, shim: { shim_context: () => 1 } };
  const cache = {
    appendMedia(slot: Slot, span: MediaSpan, marks: readonly number[]) {
      if (slot.cached.length === span.at) slot.media = [...slot.media, span];
      slot.cached.push(...marks);
    },
  };
  const steps = new MediaSteps(model as unknown as LoadedModel, cache as unknown as KvCache, () => {});
  return { steps, parts, encodings };
}

const encoded = (cells: number, mutual = false) => ({ encoded: { cells, rows: new Float32Array(), mutual } });

describe("a picture that is encoded", () => {
  test("is decoded batch by batch; the last cell of the prompt has an output", () => {
    const { steps, parts } = stepsWith(encoded(12));
    const slot = slotWith({ cells: 12 });
    expect(steps.step([slot])).toMatchObject({ type: "decoded", last: false, row: 7 });
    expect(steps.step([slot])).toMatchObject({ type: "decoded", last: true, row: 3 });
    expect(steps.step([slot])).toBeUndefined();
    expect(parts).toEqual([
      { begin: 2, from: 0, count: 8, number: 0, outputs: 0 },
      { begin: 2, from: 8, count: 4, number: 0, outputs: 1 },
    ]);
  });

  test("has no output where text follows", () => {
    const { steps, parts } = stepsWith(encoded(4));
    expect(steps.step([slotWith({ cells: 4 }, 1)])).toMatchObject({ type: "decoded", last: false });
    expect(parts).toMatchObject([{ count: 4, outputs: 0 }]);
  });

  test("leaves out the padding that its place makes needless, and its cells keep their positions", () => {
    const { steps, parts } = stepsWith(encoded(12));
    const slot = slotWith({ cells: 10, align: 4, skip: 2 });
    steps.step([slot]);
    expect(steps.step([slot])).toMatchObject({ last: true, row: 1 });
    expect(parts).toEqual([
      { begin: 0, from: 2, count: 8, number: 0, outputs: 0 },
      { begin: 0, from: 10, count: 2, number: 0, outputs: 1 },
    ]);
  });

  test("that has to be in one batch and is not is unreadable", () => {
    const { steps } = stepsWith(encoded(12, true));
    expect(steps.step([slotWith({ cells: 12 })])).toMatchObject({
      type: "unreadable",
      error: { message: "the picture takes 12 cells, and a batch has 8" },
    });
  });
});

test("one that is not gets a turn; one that cannot be had is told; one that is being decoded is waited for", () => {
  const slot = slotWith({ cells: 4 });
  const encodable = stepsWith("encodable");
  expect(encodable.steps.step([slot])).toEqual({ type: "encoding" });
  expect(encodable.encodings).toMatchObject([{ hash: HASH, cells: 4 }]);
  expect(stepsWith("cutting").steps.step([slot])).toBeUndefined();
  const gone = new AppError("engine", "the picture is no longer there");
  expect(stepsWith(gone).steps.step([slot])).toMatchObject({ type: "unreadable", error: gone });
});
