import { expect, test } from "bun:test";
import fc from "fast-check";
import { planStep } from "../../../../native/runner/plan-step.ts";

const prompt = (slot: number, remaining: number) => ({ slot, remaining, generating: false });
const answer = (slot: number) => ({ slot, remaining: 1, generating: true });

test("generating slots come first, prompts fill the rest in order", () => {
  expect(planStep([prompt(0, 600), answer(1), prompt(2, 5), answer(3)], 512, 512)).toEqual([
    { slot: 0, count: 510, last: false },
    { slot: 1, count: 1, last: true },
    { slot: 3, count: 1, last: true },
  ]);
});

test("what is left of a batch goes to the next prompt", () => {
  expect(planStep([prompt(0, 3), prompt(1, 10)], 8, 8)).toEqual([
    { slot: 0, count: 3, last: true },
    { slot: 1, count: 5, last: false },
  ]);
});

test("slots stand in ascending order, whatever order they were given in", () => {
  const slots = planStep([answer(2), prompt(0, 3), answer(1)], 8, 8).map(({ slot }) => slot);
  expect(slots).toEqual([0, 1, 2]);
});

test("nothing to do", () => {
  expect(planStep([], 512, 512)).toEqual([]);
});

test("no batch is larger than its capacity, every generating slot is in it, and no slot gets more than it has", () => {
  const demand = fc.record({ remaining: fc.integer({ min: 1, max: 2000 }), generating: fc.boolean() });
  fc.assert(
    fc.property(fc.array(demand, { maxLength: 16 }), fc.integer({ min: 16, max: 512 }), (raw, capacity) => {
      const demands = raw.map((one, slot) => ({
        slot,
        ...one,
        remaining: one.generating ? 1 : one.remaining,
      }));
      const shares = planStep(demands, capacity, capacity);
      const total = shares.reduce((sum, { count }) => sum + count, 0);
      const wanted = demands.reduce((sum, { remaining }) => sum + remaining, 0);
      expect(total).toBe(Math.min(capacity, wanted));
      for (const { slot, generating } of demands)
        if (generating) expect(shares.some((share) => share.slot === slot)).toBe(true);
      for (const { slot, count, last } of shares) expect(last).toBe(count === demands[slot]!.remaining);
    }),
  );
});
