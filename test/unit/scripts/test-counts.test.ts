import { expect, test } from "bun:test";
import { testCounts } from "../../../scripts/support/test-counts.ts";

test.each([
  [
    "(fail) x\n\n 95 pass\n 2 fail\n 2096 expect() calls\nRan 97 tests across 4 files.",
    { passed: 95, failed: 2 },
  ],
  ["\x1b[32m 3 pass\x1b[0m\n\x1b[31m 1 fail\x1b[0m\n", { passed: 3, failed: 1 }],
  ["(pass) 7 pass\n 1 pass\n 0 fail\n", { passed: 1, failed: 0 }],
  ["error: no tests", { passed: 0, failed: 0 }],
])("%j", (output, counts) => {
  expect(testCounts(output)).toEqual(counts);
});
