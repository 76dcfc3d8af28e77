import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { formatDuration, parseDuration } from "../../../src/lib/duration.ts";
import { AppError } from "../../../src/lib/errors.ts";

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** What Go 1.26 answers. */
const PARSED: [string, bigint][] = [
  ["0", 0n],
  ["-0", 0n],
  ["+0", 0n],
  ["0s", 0n],
  ["5s", 5_000_000_000n],
  ["+5.s", 5_000_000_000n],
  [".5s", 500_000_000n],
  ["1.5s", 1_500_000_000n],
  ["1h30m", 5_400_000_000_000n],
  ["-1m", -60_000_000_000n],
  ["300ms", 300_000_000n],
  ["12us", 12_000n],
  ["12\u00b5s", 12_000n],
  ["12\u03bcs", 12_000n],
  ["10ns", 10n],
  ["1s1s", 2_000_000_000n],
  ["0.3333333333333333333h", 1_200_000_000_000n],
  ["0.100000000000000000000h", 360_000_000_000n],
  ["9007199254.740993ms", 9_007_199_254_740_993n],
  ["9223372036854775807ns", MAX],
  ["-9223372036854775808ns", MIN],
];

const REFUSED: [string, string][] = [
  ["", 'time: invalid duration ""'],
  ["x", 'time: invalid duration "x"'],
  ["-", 'time: invalid duration "-"'],
  [".", 'time: invalid duration "."'],
  [".s", 'time: invalid duration ".s"'],
  ["- 1s", 'time: invalid duration "- 1s"'],
  ["--1s", 'time: invalid duration "--1s"'],
  [" 1s", 'time: invalid duration " 1s"'],
  ["300", 'time: missing unit in duration "300"'],
  ["1h5", 'time: missing unit in duration "1h5"'],
  ["1.", 'time: missing unit in duration "1."'],
  ["1x", 'time: unknown unit "x" in duration "1x"'],
  ["1s ", 'time: unknown unit "s " in duration "1s "'],
  ["1m-1s", 'time: unknown unit "m-" in duration "1m-1s"'],
  ['1"\\', 'time: unknown unit "\\"\\\\" in duration "1\\"\\\\"'],
  ["1\u00e9\n", 'time: unknown unit "\\xc3\\xa9\\x0a" in duration "1\\xc3\\xa9\\x0a"'],
  ["9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'],
  ["-9223372036854775809ns", 'time: invalid duration "-9223372036854775809ns"'],
  ["99999999999999999999", 'time: invalid duration "99999999999999999999"'],
  ["3000000h", 'time: invalid duration "3000000h"'],
];

const PRINTED: [bigint | number, string][] = [
  [0n, "0s"],
  [1n, "1ns"],
  [1_100n, "1.1\u00b5s"],
  [2_200_000n, "2.2ms"],
  [52_300_000, "52.3ms"],
  [1_234_567_000, "1.234567s"],
  [3_300_000_000n, "3.3s"],
  [60_000_000_000n, "1m0s"],
  [245_000_000_000n, "4m5s"],
  [3_723_000_000_000n, "1h2m3s"],
  [3_600_000_000_001n, "1h0m0.000000001s"],
  [-1_500_000_000n, "-1.5s"],
  [1.9, "1ns"],
  [MIN, "-2562047h47m16.854775808s"],
  [MAX, "2562047h47m16.854775807s"],
];

describe("parseDuration", () => {
  test.each(PARSED)("%j", (text, nanoseconds) => {
    expect(parseDuration(text)).toBe(nanoseconds);
  });

  test.each(REFUSED)("refuses %j as Go does", (text, message) => {
    expect(() => parseDuration(text)).toThrow(new AppError("bad_request", message));
  });

  test("reads a megabyte of digits without getting stuck", () => {
    expect(() => parseDuration("1".repeat(1 << 20))).toThrow("time: invalid duration");
    expect(() => parseDuration(`${".".repeat(1 << 20)}s`)).toThrow("time: invalid duration");
  });
});

describe("formatDuration", () => {
  test.each(PRINTED)("%p is %s", (nanoseconds, text) => {
    expect(formatDuration(nanoseconds)).toBe(text);
  });

  test("what it prints parses back to the same duration", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: MIN, max: MAX }), fc.integer({ min: 0, max: 63 }), (wide, shift) => {
        const nanoseconds = wide >> BigInt(shift);
        expect(parseDuration(formatDuration(nanoseconds))).toBe(nanoseconds);
      }),
    );
  });
});
