import { expect, test } from "bun:test";
import fc from "fast-check";
import { planParts } from "../../../src/registry/plan-parts.ts";

const MIB = 2 ** 20;

test("the parts cover a blob once, in order, and none is larger than 32 MiB", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (size) => {
      let at = 0;
      for (const { offset, length } of planParts(size)) {
        expect(offset).toBe(at);
        expect(length).toBeGreaterThan(0);
        expect(length).toBeLessThanOrEqual(32 * MIB);
        at += length;
      }
      expect(at).toBe(size);
    }),
    { numRuns: 50 },
  );
});

test.each([
  [0, 0],
  [1, 1],
  [MIB, 1],
  [MIB + 1, 2],
  [16 * MIB, 16],
  [98_320_352, 16],
  [64 * 1024 * MIB, 2048],
])("%d bytes are %d parts", (size, count) => {
  expect(planParts(size)).toHaveLength(count);
});
