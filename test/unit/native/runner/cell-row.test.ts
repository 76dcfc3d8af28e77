import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  markOf,
  mediaAt,
  mediaBehind,
  positionOf,
  rowOf,
  wholeMedia,
} from "../../../../native/runner/cell-row.ts";
import { chooseSlot } from "../../../../native/runner/choose-slot.ts";
import { cellsIn, type MediaPiece, type PromptPiece, tokensIn } from "../../../../src/engine/pieces.ts";

const picture = (name: string, cells = 4, positions = cells, chunk = 0): MediaPiece => ({
  hash: new Bun.CryptoHasher("sha256").update(name).digest("hex"),
  chunk,
  cells,
  positions,
});
const cat = picture("cat");
const dog = picture("dog");

describe("a prompt as a row of cells", () => {
  test("of text alone it is the run itself, which nobody copies", () => {
    const run = [1, 2, 3];
    const row = rowOf([run]);
    expect(row.cells).toBe(run);
    expect(row.media).toEqual([]);
    expect(tokensIn([run])).toBe(run);
  });

  test("with a picture it has as many cells of the picture's mark as the picture takes", () => {
    const row = rowOf([[1, 2], cat, [3]]);
    const mark = markOf(cat);
    expect(row.cells).toEqual([1, 2, mark, mark, mark, mark, 3]);
    expect(row.media).toEqual([{ at: 2, piece: cat }]);
    expect(cellsIn([[1, 2], cat, [3]])).toBe(7);
    expect(tokensIn([[1, 2], cat, [3]])).toEqual([1, 2, 3]);
  });

  test("marks are no tokens, and differ by picture and by chunk", () => {
    const marks = [cat, dog, picture("cat", 4, 4, 1)].map(markOf);
    expect(new Set(marks).size).toBe(3);
    expect(marks.every((mark) => mark < 0 && Number.isSafeInteger(mark))).toBe(true);
    expect(Number.isSafeInteger(markOf({ hash: "f".repeat(64), chunk: 15 }))).toBe(true);
  });
});

describe("wholeMedia", () => {
  const row = rowOf([[1, 2], cat, cat, [3]]);

  test.each([
    [0, 0],
    [2, 2],
    [3, 2],
    [5, 2],
    [6, 6],
    [9, 6],
    [10, 10],
    [11, 11],
  ])("of %d cells it keeps %d", (length, kept) => {
    expect(wholeMedia(row, length)).toBe(kept);
  });
});

test("positions behind a picture in two dimensions are lower than their cells", () => {
  const row = rowOf([[1, 2], picture("cat", 12, 4), [3], picture("dog", 6, 3), [4, 5]]);
  expect([0, 2, 14, 15, 21, 22].map((cell) => positionOf(row.media, cell))).toEqual([0, 2, 6, 7, 10, 11]);
  expect([1, 2, 13, 14, 15].map((cell) => mediaAt(row.media, cell)?.at)).toEqual([
    undefined,
    2,
    2,
    undefined,
    15,
  ]);
  expect([0, 1, 2, 15].map((cell) => mediaBehind(row.media, cell)?.at)).toEqual([2, 2, 15, undefined]);
});

describe("the slot for a prompt with pictures", () => {
  const slot = (pieces: PromptPiece[]) => [
    { index: 0, busy: false, cells: rowOf(pieces).cells, lastUsed: 0, floor: 0, checkpoints: [], salt: "" },
  ];

  test("continues a conversation over a picture that it has seen", () => {
    const choice = chooseSlot(slot([[1, 2], cat, [3]]), rowOf([[1, 2], cat, [3, 4, 5]]), "");
    expect(choice).toEqual({ slot: 0, reuse: 7 });
  });

  test("does not take one picture for another", () => {
    expect(chooseSlot(slot([[1, 2], cat, [3]]), rowOf([[1, 2], dog, [3]]), "")?.reuse).toBe(2);
  });

  test("evaluates a picture anew that ends the prompt: its last cell chooses the answer's first token", () => {
    expect(chooseSlot(slot([[1, 2], cat]), rowOf([[1, 2], cat]), "")?.reuse).toBe(2);
  });

  test("never ends within a picture, whatever the caches hold", () => {
    const piece = fc.oneof(
      fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 3 }),
      fc.constantFrom(cat, dog, picture("cat", 3, 3, 1)),
    );
    const prompt = fc.array(piece, { minLength: 1, maxLength: 6 }).filter((pieces) => cellsIn(pieces) > 0);
    fc.assert(
      fc.property(prompt, prompt, (cached, asked) => {
        const row = rowOf(asked);
        const reuse = chooseSlot(slot(cached), row, "")!.reuse;
        return reuse < row.cells.length && wholeMedia(row, reuse) === reuse;
      }),
    );
  });
});
