import { describe, expect, test } from "bun:test";
import { parseGgufHeader } from "../../../../src/models/gguf/header.ts";
import { GgufStrings } from "../../../../src/models/gguf/strings.ts";
import {
  array,
  bytes,
  bytesOf,
  entry,
  start,
  string,
  testRefusals,
  u32,
  u64,
  zeros,
} from "./header-bytes.ts";
import { sourceOf } from "./sample.ts";

/** The first length that a double cannot hold. */
const HUGE = 9_007_199_254_740_993n;

describe("a key or value", () => {
  testRefusals([
    [
      "a key beyond the file",
      [start(0, 1), u64(HUGE), zeros(99)],
      `key of ${HUGE} bytes at offset 24 exceeds the file`,
    ],
    [
      "a key too long",
      [start(0, 1), string("k".repeat(65_536)), zeros(99)],
      "key of 65536 bytes at offset 24 exceeds the limit of 65535",
    ],
    ["an empty key", [start(0, 1), string(""), zeros(99)], "empty key at offset 24"],
    [
      "a key that is not UTF-8",
      [start(0, 1), string(new Uint8Array([0xff])), zeros(99)],
      "key that is not UTF-8 at offset 24",
    ],
    ["a key with a NUL", [start(0, 1), string("a\0b"), zeros(99)], "NUL in a key at offset 24"],
    ["an unknown type", [start(0, 1), string("k"), u32(13), zeros(8)], "metadata type 13 at offset 33"],
    [
      "a string beyond the file",
      [start(0, 1), entry("k", "string", u64(HUGE)), zeros(99)],
      `string of ${HUGE} bytes at offset 37 exceeds the file`,
    ],
    [
      "a string too long",
      [start(0, 1), entry("k", "string", u64(2 ** 26 + 1), zeros(2 ** 26 + 1))],
      "string of 67108865 bytes at offset 37 exceeds the limit of 67108864",
    ],
    ["a boolean of 2", [start(0, 1), entry("k", "bool", bytes(2))], "boolean 2 at offset 37"],
    ["a cut value", [start(0, 1), entry("k", "uint64"), zeros(3)], "the header ends early at offset 40"],
  ]);
});

describe("an array", () => {
  testRefusals([
    [
      "an array beyond the file",
      [start(0, 1), array("uint64", 2n ** 61n), zeros(8)],
      "array of uint64 of 2305843009213693952 elements at offset 41 exceeds the file",
    ],
    [
      "an array one byte longer than the file",
      [start(0, 1), array("uint64", 2), zeros(15)],
      "array of uint64 of 2 elements at offset 41 exceeds the file",
    ],
    [
      "more strings than fit the file",
      [start(0, 1), array("string", 9), zeros(71)],
      "array of string of 9 elements at offset 41 exceeds the file",
    ],
    [
      "a string in an array beyond the file",
      [start(0, 1), array("string", 1, u64(9)), zeros(8)],
      "string of 9 bytes at offset 49 exceeds the file",
    ],
    [
      "an array too long",
      [start(0, 1), array("uint8", 2 ** 23 + 1, zeros(2 ** 23 + 1))],
      "array of uint8 of 8388609 elements at offset 41 exceeds the limit of 8388608",
    ],
    [
      "arrays in an array",
      [start(0, 1), array("array", 1, u32(0), u64(1)), zeros(9)],
      "array of arrays at offset 37",
    ],
    ["a boolean of 3 in an array", [start(0, 1), array("bool", 2, bytes(1, 3))], "boolean 3 at offset 50"],
    [
      "an unknown element type",
      [start(0, 1), entry("k", "array", u32(99), u64(0)), zeros(9)],
      "metadata type 99 at offset 37",
    ],
  ]);

  test("of strings gives each by its index, decoded or as bytes", async () => {
    const header = bytesOf(
      start(0, 1),
      array("string", 3, string("a"), string(new Uint8Array([0xe2, 0x82])), string("")),
    );
    const value = (await parseGgufHeader(sourceOf(header))).metadata.get("k")?.value;
    if (!(value instanceof GgufStrings)) throw new Error("no strings");
    expect([value.length, value.at(0), value.at(1), value.at(2), value.at(3)]).toEqual([
      3,
      "a",
      "\ufffd",
      "",
      undefined,
    ]);
    expect([...value]).toEqual(["a", "\ufffd", ""]);
    expect([...value.bytes()]).toEqual([
      new Uint8Array([97]),
      new Uint8Array([0xe2, 0x82]),
      new Uint8Array(),
    ]);
  });
});

describe("general.alignment", () => {
  const alignment = (value: number) => [start(0, 1), entry("general.alignment", "uint32", u32(value))];
  testRefusals([
    ["24", alignment(24), "alignment 24 is no power of two from 8 to 65536"],
    ["0", alignment(0), "alignment 0 is no power of two"],
    ["4", alignment(4), "alignment 4 is no power of two"],
    ["128 KiB", alignment(2 ** 17), "alignment 131072 is no power of two"],
    [
      "another type",
      [start(0, 1), entry("general.alignment", "uint64", u64(32))],
      "general.alignment is no uint32",
    ],
  ]);
});
