import { expect, test } from "bun:test";
import { Turns } from "../../../../native/runner/turns.ts";

/** Work that takes as long as it may, with pauses of `others` milliseconds before its turns. @returns the turns' lengths. */
function lengthsWith(others: readonly number[]): { lengths: number[]; turns: Turns } {
  let now = 1000;
  const turns = new Turns(() => now);
  const lengths = others.map((pause) => {
    now += pause;
    return turns.take((ms) => {
      now += ms;
      return ms;
    });
  });
  return { lengths, turns };
}

test("a turn is as long as all else took since the last one, within bounds", () => {
  expect(lengthsWith([700, 0, 3, 40, 5000]).lengths).toEqual([10, 10, 10, 40, 250]);
});

test("turns are counted, and what they took, also those that fail", () => {
  const { turns } = lengthsWith([0, 30]);
  expect(() =>
    turns.take(() => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect([turns.count, turns.took]).toEqual([3, 40]);
});
