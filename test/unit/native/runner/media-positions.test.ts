import { describe, expect, test } from "bun:test";
import { positionsOf } from "../../../../native/runner/media-positions.ts";

describe("positions of a picture's cells", () => {
  test("follow one another where a model has one a cell", () => {
    const part = { begin: 10, from: 2, count: 3, number: 5 };
    expect(Array.from(positionsOf({ cells: 8 }, part))).toEqual([12, 13, 14]);
  });

  // Four cells: the first and the last stand in line in all planes, the two between have a place in the picture.
  const places = {
    at: Int32Array.of(0, 1, 2, 3, 0, 0, 1, 3, 0, 0, 0, 3, 0, 0, 0, 3),
    moves: Int32Array.of(1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1),
  };
  const planesOf = (part: { begin: number; from: number; count: number; number: number }) => {
    const all = Array.from(positionsOf({ cells: 4, places }, part));
    return Array.from({ length: 4 }, (_, plane) => all.slice(plane * part.count, (plane + 1) * part.count));
  };

  test("move with where it begins, those that do", () => {
    expect(planesOf({ begin: 7, from: 0, count: 4, number: 0 })).toEqual([
      [7, 8, 9, 10],
      [7, 0, 1, 10],
      [7, 0, 0, 10],
      [7, 0, 0, 10],
    ]);
  });

  test("have its number in the last plane where the model counts pictures; a part of them is cut out of each plane", () => {
    expect(planesOf({ begin: 7, from: 1, count: 3, number: 2 })).toEqual([
      [8, 9, 10],
      [0, 1, 10],
      [0, 0, 10],
      [2, 2, 10],
    ]);
  });
});
