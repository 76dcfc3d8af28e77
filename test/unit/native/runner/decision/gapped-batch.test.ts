import { expect, test } from "bun:test";
import { type Filler, GappedBatch } from "../../../../../native/runner/decision/gapped-batch.ts";

const filler = (): Filler => ({ sequence: 9, token: 0, length: 0 });
const tokens = (length: number): number[] => Array.from({ length }, (_, at) => at + 1);

test("what is added stands in its row, and what fills the gaps goes on from batch to batch", () => {
  const gaps = filler();
  const batch = new GappedBatch(gaps);
  batch.fillTo(3);
  expect(batch.add({ sequence: 1, tokens: tokens(4), position: 7 })).toBe(3);
  batch.fillTo(5);
  batch.fillTo(8);
  expect(batch.add({ sequence: 2, tokens: tokens(2), position: 7 })).toBe(8);
  const parts = batch
    .complete(16)
    .map(({ sequence, tokens: { length }, position }) => [sequence, length, position]);
  expect(parts).toEqual([
    [9, 3, 0],
    [1, 4, 7],
    [9, 1, 3],
    [2, 2, 7],
    [9, 6, 4],
  ]);
  expect(gaps.length).toBe(10);
});

test("rows and outputs come in full steps, and what was wanted is among them", () => {
  for (const count of [1, 15, 16, 17, 40]) {
    const batch = new GappedBatch(filler());
    batch.add({ sequence: 1, tokens: tokens(count), position: 0, wanted: [count - 1] });
    const parts = batch.complete(16);
    const rows = parts.reduce((sum, part) => sum + part.tokens.length, 0);
    const wanted = parts.reduce((sum, part) => sum + new Set(part.wanted).size, 0);
    expect([rows % 16, wanted]).toEqual([0, 16]);
    expect(parts[0]!.wanted).toContain(count - 1);
  }
});
