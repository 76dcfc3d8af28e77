import { describe, expect, test } from "bun:test";
import { type MediaPiece, placed } from "../../../src/engine/pieces.ts";

const piece: MediaPiece = { hash: "aa", chunk: 0, cells: 23, positions: 23 };

describe("a picture at its place", () => {
  test("is as it is where it may begin anywhere", () => {
    expect(placed(piece, 5)).toBe(piece);
  });

  // Three cells of padding in front: the first of the rest is then the last of a block of four.
  test.each([
    [0, 0],
    [1, 1],
    [3, 3],
    [4, 0],
    [18, 2],
  ])("behind %i cells it leaves out %i of its padding", (at, skip) => {
    const { cells, positions, skip: left = 0 } = placed({ ...piece, align: 4 }, at);
    expect([left, cells, positions]).toEqual([skip, 23 - skip, 23 - skip]);
    expect((at + 3 - left) % 4).toBe(3);
  });
});
