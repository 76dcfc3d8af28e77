import { expect, test } from "bun:test";
import { estimateExpiry, planIdle } from "../../../../src/engine/scheduler/policy.ts";

const FOREVER = Number.POSITIVE_INFINITY;

test("planIdle", () => {
  expect(planIdle(1000, 0)).toEqual({ type: "stop" });
  expect(planIdle(1000, 500)).toEqual({ type: "keep", expiresAt: 1500, timerMs: 500 });
  expect(planIdle(1000, FOREVER)).toEqual({ type: "keep", expiresAt: FOREVER });
});

test.each([
  ["working or loading", { keepAlive: 500, leaving: false }, 1500],
  ["idle", { keepAlive: 500, expiresAt: 1200, leaving: false }, 1200],
  ["pinned and working", { keepAlive: FOREVER, leaving: false }, FOREVER],
  ["being unloaded", { keepAlive: FOREVER, leaving: true }, 1000],
])("estimateExpiry: %s", (_, model, expected) => {
  expect(estimateExpiry(1000, model)).toBe(expected);
});
