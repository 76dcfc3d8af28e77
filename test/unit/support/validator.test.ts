import { expect, test } from "bun:test";
import { validator } from "../../support/validator.ts";

test.each([
  [0.47, 0.01, true],
  [20230719287.58, 0.01, true],
  [4.355, 0.01, false],
  [-1e21, 1e-7, true],
  [7.5, 2.5, true],
  [1e-7, 1e-6, false],
  [10, 3, false],
])("%d is a multiple of %d: %p", (value, multipleOf, expected) => {
  expect(validator({ multipleOf })(value)).toBe(expected);
});
