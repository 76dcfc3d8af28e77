import { expect, test } from "bun:test";
import { Pooling } from "../../../../native/runner/pooling.ts";

const PARTS: [number[], number][] = [
  [[2, 0], 1],
  [[4, 8], 3],
  [[0, 4], 4],
];

test.each<[string, number, number[]]>([
  ["the mean of all cells", 1, [1.75, 5]],
  ["the first cell", 2, [2, 0]],
  ["the last cell", 3, [0, 4]],
])("%s", (_, type, expected) => {
  const pooling = new Pooling(type);
  for (const [vector, cells] of PARTS) pooling.add(Float32Array.from(vector), cells);
  expect(Array.from(pooling.vector ?? [])).toEqual(expected);
});

test("nothing pools to nothing", () => {
  expect(new Pooling(1).vector).toBeUndefined();
});
