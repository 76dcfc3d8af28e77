import { describe, expect, test } from "bun:test";
import { decodeKeepAlive } from "../../../src/lib/keep-alive.ts";

const FOREVER = Number.POSITIVE_INFINITY;

describe("decodeKeepAlive", () => {
  test.each<[unknown, number | undefined]>([
    [undefined, undefined],
    [null, undefined],
    [0, 0],
    [-0, 0],
    [5, 5_000],
    [0.25, 250],
    [-1, FOREVER],
    [-0.001, FOREVER],
    [1e300, FOREVER],
    ["0", 0],
    ["0s", 0],
    ["10m", 600_000],
    ["1h30m", 5_400_000],
    ["1.5s", 1_500],
    ["-1m", FOREVER],
    ["-1ns", FOREVER],
    ["9223372036854775807ns", FOREVER],
  ])("%p is %p milliseconds", (value, milliseconds) => {
    expect(decodeKeepAlive(value)).toBe(milliseconds);
  });

  test.each<[unknown, string]>([
    ["300", 'time: missing unit in duration "300"'],
    ["", 'time: invalid duration ""'],
    ["1d", 'time: unknown unit "d" in duration "1d"'],
    [true, "Unsupported type: 'bool'"],
    [[1], "Unsupported type: '[]interface {}'"],
    [{ s: 1 }, "Unsupported type: 'map[string]interface {}'"],
  ])("refuses %p with 400", (value, message) => {
    expect(() => decodeKeepAlive(value)).toThrow(
      expect.objectContaining({ kind: "bad_request", status: 400, message }),
    );
  });
});
