import { expect, test } from "bun:test";
import { boundaries } from "../../../../../native/runner/cache/boundaries.ts";
import { explainMiss } from "../../../../../native/runner/cache/explain.ts";
import { Ledger } from "../../../../../native/runner/cache/ledger.ts";

const LOSS = { evictedAt: 1_800_000_000_000, evictedBy: "memory_budget" } as const;

test("a prompt that was cached but for its last token missed nothing", () => {
  expect(explainMiss(99, 100, [{ common: 100, state: "held" }])).toBeUndefined();
});

test.each([
  ["nothing begins like it", 0, [], { reason: "new" }],
  ["it goes on otherwise", 40, [{ common: 40, state: "held" }], { reason: "differs", at: 40 }],
  ["it was evicted", 5, [{ common: 90, state: "gone", loss: LOSS }], { reason: "evicted", at: 90, ...LOSS }],
  [
    "what is there counts before what is gone",
    90,
    [
      { common: 90, state: "gone", loss: LOSS },
      { common: 90, state: "held" },
    ],
    { reason: "differs", at: 90 },
  ],
  ["somebody else uses it", 0, [{ common: 50, state: "busy" }], { reason: "busy", at: 50 }],
  ["it cannot be cut there", 10, [{ common: 60, state: "held" }], { reason: "no_checkpoint", at: 60 }],
  ["it is not worth moving", 50, [{ common: 60, state: "held" }], { reason: "too_short", at: 60 }],
] as const)("a miss because %s", (_, reused, witnesses, miss) => {
  expect(explainMiss(reused, 100, witnesses)).toEqual(miss);
});

test("the ledger remembers what a prompt would have got most of, of the same caller, and stays small", () => {
  const ledger = new Ledger();
  const cells = (length: number, from: number) => Array.from({ length }, (_, i) => from + i);
  ledger.note({ cells: [1, 2, 3], salt: "" }, LOSS);
  ledger.note({ cells: [1, 2, 9], salt: "other" }, LOSS);
  expect(ledger.find([1, 2, 3, 4], "")).toEqual({ common: 3, loss: LOSS });
  expect(ledger.find([1, 2, 9], "other")?.common).toBe(3);
  expect(ledger.find([7], "")).toBeUndefined();
  for (let i = 1; i <= 6; i++) ledger.note({ cells: cells(100_000, i * 1_000_000), salt: "" }, LOSS);
  expect(ledger.find([1, 2, 3, 4], "")).toBeUndefined();
  expect(ledger.find(cells(10, 6_000_000), "")?.common).toBe(10);
});

test("checkpoints: behind the first and the last two messages, none in what is cached or right at the front", () => {
  const END = 7;
  const isEnd = (token: number) => token === END;
  const message = (length: number) => [...Array.from({ length }, () => 1), END];
  const prompt = [...message(49), ...message(49), ...message(49), ...message(49), 1, 1, 1];
  expect(boundaries(prompt, 0, isEnd)).toEqual([50, 150, 200]);
  expect(boundaries(prompt, 150, isEnd)).toEqual([200]);
  expect(boundaries([...message(9), 1, 1], 0, isEnd)).toEqual([]);
  expect(
    boundaries(
      Array.from({ length: 100 }, () => 1),
      0,
      isEnd,
    ),
  ).toEqual([96]);
});
