import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  type CallerShare,
  charge,
  fairOrder,
  MAX_OVERTAKES,
  pickNext,
  withCaller,
  withoutIdle,
} from "../../../../src/engine/scheduler/policy.ts";

interface Asked {
  id: number;
  caller: string;
  batch: boolean;
  overtakes: number;
}

let ids = 0;
const ask = (caller: string, batch = false, overtakes = 0): Asked => ({
  id: ++ids,
  caller,
  batch,
  overtakes,
});

const callersOf = (asked: Asked[]) => asked.map(({ caller }) => caller).join("");

describe("fairOrder", () => {
  test("callers take turns, however many requests one of them has", () => {
    const waiting = [ask("a"), ask("a"), ask("a"), ask("a"), ask("b"), ask("c"), ask("b")];
    expect(callersOf(fairOrder(waiting, [], 100))).toBe("abcabaa");
  });

  test("of one caller, first come, first served", () => {
    const waiting = [ask("a"), ask("a"), ask("a")];
    expect(fairOrder(waiting, [], 100)).toEqual(waiting);
  });

  test("interactive requests go before batches, whoever asks", () => {
    const waiting = [ask("a", true), ask("b", true), ask("a"), ask("b")];
    expect(fairOrder(waiting, [], 100).map(({ batch }) => batch)).toEqual([false, false, true, true]);
  });

  test("a batch that enough later requests have passed is as good as interactive", () => {
    const [old, young] = [ask("a", true, MAX_OVERTAKES), ask("a")];
    expect(fairOrder([old, young], [], 100)).toEqual([old, young]);
  });

  test("who has taken more than a turn waits until the others have caught up", () => {
    const ring = [
      { id: "a", deficit: -150 },
      { id: "b", deficit: 100 },
    ];
    const waiting = [ask("a"), ask("a"), ask("b"), ask("b"), ask("b"), ask("b")];
    expect(callersOf(fairOrder(waiting, ring, 100))).toBe("bbabab");
  });
});

describe("the ring", () => {
  test("a new caller comes last and is there once", () => {
    const ring = withCaller(withCaller(withCaller([], "a", 5), "b", 5), "a", 5);
    expect(ring).toEqual([
      { id: "a", deficit: 5 },
      { id: "b", deficit: 5 },
    ]);
  });

  test("a debt has a limit", () => {
    expect(charge([{ id: "a", deficit: 0 }], "a", 1e9, 100)).toEqual([{ id: "a", deficit: -800 }]);
  });

  test("a debt is remembered while others wait, and forgotten when nobody does", () => {
    const ring = [{ id: "a", deficit: -5 }];
    const b = new Set(["b"]);
    expect(withoutIdle(ring, b, new Set())).toEqual(ring);
    expect(withoutIdle(ring, new Set(), new Set())).toEqual([]);
    expect(withoutIdle([{ id: "a", deficit: 5 }], b, new Set())).toEqual([]);
  });
});

test("over time, callers that always wait get the same slot time, however long each of their requests takes", () => {
  const costs = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 2, maxLength: 5 });
  fc.assert(
    fc.property(costs, (cost) => {
      const turn = 100;
      let ring: readonly CallerShare[] = cost.map((_, index) => ({ id: String(index), deficit: turn }));
      const taken = cost.map(() => 0);
      for (let served = 0; served < 500; served++) {
        const waiting = cost.map((_, index) => ask(String(index)));
        const picked = pickNext(waiting, ring, turn)!;
        const index = Number(picked.next.caller);
        taken[index]! += cost[index]!;
        ring = charge(picked.ring, picked.next.caller, cost[index]!, turn);
      }
      expect(Math.max(...taken) - Math.min(...taken)).toBeLessThanOrEqual(2 * (turn + Math.max(...cost)));
    }),
  );
});
