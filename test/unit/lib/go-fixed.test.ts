import { expect, test } from "bun:test";
import { goFixed } from "../../../src/lib/go-fixed.ts";

/** What Go 1.26 prints for `%.<digits>f`. */
test.each<[number, number, string]>([
  [0, 1, "0.0"],
  [1.25, 1, "1.2"],
  [1.35, 1, "1.4"],
  [1.15, 1, "1.1"],
  [1.75, 1, "1.8"],
  [2.5, 0, "2"],
  [3.5, 0, "4"],
  [0.5, 0, "0"],
  [1.125, 2, "1.12"],
  [1.375, 2, "1.38"],
  [9.99, 1, "10.0"],
  [-2.5, 0, "-2"],
  [-1.75, 1, "-1.8"],
])("%p with %p digits is %s", (value, digits, text) => {
  expect(goFixed(value, digits)).toBe(text);
});
