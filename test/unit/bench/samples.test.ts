import { expect, test } from "bun:test";
import { median } from "../../bench/median.ts";
import { withSamples } from "../../bench/peer/report.ts";
import { order, rowOf, type Samples } from "../../bench/peer/samples.ts";

test("the median is the middle value, or between the two middle ones", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(() => median([])).toThrow();
});

test("the two take turns in going first", () => {
  expect([0, 1, 2].map((pair) => order(pair, ["ours", "theirs"]).join())).toEqual([
    "ours,theirs",
    "theirs,ours",
    "ours,theirs",
  ]);
});

const pair = (ours: number, theirs: number, foreign = 0) => ({ ours, theirs, foreign });

test("pairs beside foreign load do not count, and are told", () => {
  const samples: Samples = {
    scenario: "cold load",
    unit: "ms",
    pairs: [pair(100, 200), pair(1, 1000, 0.2), pair(200, 300), pair(300, 300, 0.05)],
  };
  expect(rowOf(samples)).toEqual({
    scenario: "cold load",
    unit: "ms",
    ours: 200,
    theirs: 300,
    // Of the pairs' own ratios 2, 1.5 and 1: the two medians have been measured at different times.
    ratio: 1.5,
    pairs: 3,
    rejected: 1,
  });
  expect(rowOf({ ...samples, pairs: [pair(1, 2, 0.3)] })).toBeUndefined();
});

test("above one llamero is ahead, whatever the unit", () => {
  const pairs = [pair(10, 5)];
  expect(rowOf({ scenario: "x", unit: "tokens/s", pairs })!.ratio).toBe(2);
  expect(rowOf({ scenario: "x", unit: "requests/s", pairs })!.ratio).toBe(2);
  expect(rowOf({ scenario: "x", unit: "ms", pairs })!.ratio).toBe(0.5);
});

test("what is measured again takes the place of what was there", () => {
  const samples = (scenario: string, ours: number): Samples => ({
    scenario,
    unit: "ms",
    pairs: [pair(ours, 1)],
  });
  const setting = { ours: "a", theirs: "b", machine: "m", model: "x", date: "2026-11-30" };
  const kept = { ...setting, samples: [samples("one", 1), samples("two", 2)] };
  const { samples: now } = withSamples(kept, [samples("two", 3), samples("three", 4)]);
  expect(now).toEqual([samples("one", 1), samples("two", 3), samples("three", 4)]);
});
