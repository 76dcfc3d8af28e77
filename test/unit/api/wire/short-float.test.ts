import { expect, test } from "bun:test";
import fc from "fast-check";
import { shortFloat } from "../../../../src/api/wire/short-float.ts";

test.each([
  [0.1, "0.1"],
  [-0.25, "-0.25"],
  [0, "0"],
  [1 / 3, "0.33333334"],
  [16777216, "16777216"],
  [1e-7, "1e-7"],
  [3.4028234663852886e38, "3.4028235e+38"],
  [1.401298464324817e-45, "1.4013e-45"],
])("%d is written %s", (value, text) => {
  expect(JSON.stringify(shortFloat(Math.fround(value)))).toBe(text);
});

test("whatever 32 bits hold is read back unchanged", () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Math.fround(JSON.parse(JSON.stringify(shortFloat(value))))).toBe(value === 0 ? 0 : value);
    }),
  );
});
