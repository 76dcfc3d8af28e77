import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type PromptCandidate, promptsToEvict } from "../../../../../native/runner/cache/prompts-to-evict.ts";
import { worth } from "../../../../../native/runner/cache/worth.ts";

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const run = (length: number, from = 0): number[] => Array.from({ length }, (_, i) => from + i);
const entry = (cells: number[], more: Partial<PromptCandidate> = {}): PromptCandidate => ({
  cells,
  salt: "",
  bytes: cells.length,
  hits: 0,
  lastUsed: NOW,
  ...more,
});

describe("worth", () => {
  test("is more for more tokens, for what has been used, and for what was used lately", () => {
    const kept = { tokens: 1000, hits: 0, lastUsed: NOW };
    expect(worth({ ...kept, tokens: 2000 }, NOW)).toBe(2 * worth(kept, NOW));
    expect(worth({ ...kept, hits: 1 }, NOW)).toBeGreaterThan(worth(kept, NOW));
    expect(worth(kept, NOW + 30 * MINUTE)).toBeCloseTo(worth(kept, NOW) / 2);
  });

  test("a clock that was set back makes nothing more valuable than new", () => {
    const kept = { tokens: 10, hits: 0, lastUsed: NOW + 60 * MINUTE };
    expect(worth(kept, NOW)).toBe(worth({ ...kept, lastUsed: NOW }, NOW));
  });
});

describe("chooseVictims", () => {
  test("nobody while all fit", () => {
    expect(promptsToEvict([entry(run(10)), entry(run(20, 100))], [], 30, NOW)).toEqual([]);
  });

  test("a side request goes before the conversation that it interrupted, although it was used later", () => {
    const conversation = entry(run(7000), { lastUsed: NOW - MINUTE });
    const title = entry(run(500, 10_000));
    expect(promptsToEvict([conversation, title], [], 7000, NOW)).toEqual([title]);
  });

  test("what another one begins with is lost with neither of them", () => {
    const long = entry(run(1000));
    const branch = entry([...run(990), ...run(20, 5000)]);
    const other = entry(run(300, 9000));
    expect(promptsToEvict([long, branch, other], [], 2100, NOW)).toEqual([long]);
  });

  test("what is in a slot need not be kept", () => {
    const held = entry(run(1000));
    const other = entry(run(300, 9000));
    expect(promptsToEvict([held, other], [{ cells: run(1100), salt: "" }], 1000, NOW)).toEqual([held]);
  });

  test("two callers share nothing", () => {
    const mine = entry(run(500), { salt: "me" });
    const theirs = entry(run(500), { salt: "them", hits: 5 });
    const short = entry(run(100, 9000));
    expect(promptsToEvict([mine, theirs, short], [], 1000, NOW)).toEqual([short]);
  });

  test("the rest fits, and the same input has the same answer", () => {
    const cells = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 40 });
    const candidate = fc.record({
      cells,
      salt: fc.constantFrom("", "x"),
      bytes: fc.integer({ min: 1, max: 50 }),
      hits: fc.nat({ max: 5 }),
      lastUsed: fc.integer({ min: NOW - 90 * MINUTE, max: NOW }),
    });
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 12 }), fc.nat({ max: 300 }), (all, budget) => {
        const victims = promptsToEvict(all, [], budget, NOW);
        const rest = all.filter((each) => !victims.includes(each));
        expect(rest.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(budget);
        expect(promptsToEvict(all, [], budget, NOW)).toEqual(victims);
      }),
    );
  });
});
