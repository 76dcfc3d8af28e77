import { expect, test } from "bun:test";
import { packBatch } from "../../../../native/runner/pack-batch.ts";

const input = (length: number) => ({ tokens: new Array<number>(length).fill(1) });
const lengths = (inputs: { tokens: number[] }[]): number[] => inputs.map(({ tokens }) => tokens.length);

test("as many as fit, in order", () => {
  expect(lengths(packBatch([input(3), input(4), input(4)], 10, 64))).toEqual([3, 4]);
  expect(lengths(packBatch([input(3), input(7)], 10, 64))).toEqual([3, 7]);
});

test("the first one however long", () => {
  expect(lengths(packBatch([input(11), input(1)], 10, 64))).toEqual([11]);
  expect(lengths(packBatch([input(1), input(11)], 10, 64))).toEqual([1]);
});

test("a limit on sequences", () => {
  expect(packBatch([input(1), input(1), input(1)], 10, 2)).toHaveLength(2);
});

test("nothing to pack", () => {
  expect(packBatch([], 10, 64)).toEqual([]);
});
