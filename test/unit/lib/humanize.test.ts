import { expect, test } from "bun:test";
import { formatBytes, formatParameterCount } from "../../../src/lib/humanize.ts";

test.each<[number, string]>([
  [0, "0 B"],
  [999, "999 B"],
  [1_000, "1 KB"],
  [1_250, "1.2 KB"],
  [1_340, "1.3 KB"],
  [2_000, "2 KB"],
  [9_999, "10.0 KB"],
  [10_999, "10 KB"],
  [999_999, "999 KB"],
  [98_362_432, "98 MB"],
  [1_500_000_000, "1.5 GB"],
  [47_000_000_000, "47 GB"],
  [4_200_000_000_000, "4.2 TB"],
])("%p bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each<[number, string]>([
  [0, "0"],
  [999, "999"],
  [1_000, "1K"],
  [2_500, "2K"],
  [999_499, "999K"],
  [1_000_000, "1M"],
  [22_565_376, "22.57M"],
  [134_515_008, "134.52M"],
  [1_000_000_000, "1B"],
  [7_615_616_512, "7.6B"],
  [405_000_000_000, "405B"],
])("%p parameters are %s", (count, text) => {
  expect(formatParameterCount(count)).toBe(text);
});
