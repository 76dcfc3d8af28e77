import { describe, expect, test } from "bun:test";
import { encodeGoJson } from "../../../../src/lib/go-json.ts";
import { parseGgufHeader } from "../../../../src/models/gguf/header.ts";
import { ggufJsonValue } from "../../../../src/models/gguf/json-value.ts";
import type { GgufValue } from "../../../../src/models/gguf/value.ts";
import { EVERY_TYPE, sourceOf, stringsOf, written } from "./sample.ts";

const printed = (value: GgufValue, arrays = true): string =>
  encodeGoJson({ v: ggufJsonValue(value, arrays) });

describe("ggufJsonValue", () => {
  test.each<[GgufValue, string]>([
    [{ type: "uint64", value: 18_446_744_073_709_551_615n }, "18446744073709551615"],
    [{ type: "int64", value: -9_223_372_036_854_775_808n }, "-9223372036854775808"],
    [{ type: "uint64", value: 7n }, "7"],
    [{ type: "uint32", value: 4_294_967_295 }, "4294967295"],
    [{ type: "float32", value: 0.00001 }, "0.00001"],
    [{ type: "float32", value: 1_000_000 }, "1000000"],
    [{ type: "bool", value: false }, "false"],
    [{ type: "string", value: "<s>" }, '"\\u003cs\\u003e"'],
    [{ type: "array", of: "bool", value: new Uint8Array([1, 0]) }, "[true,false]"],
    [
      { type: "array", of: "float32", value: new Float32Array([0.1, 1e-5, -1e9]) },
      "[0.1,0.00001,-1000000000]",
    ],
    [{ type: "array", of: "uint64", value: new BigUint64Array([2n ** 63n, 1n]) }, "[9223372036854775808,1]"],
    [{ type: "array", of: "int8", value: new Int8Array([-1, 1]) }, "[-1,1]"],
    [{ type: "array", of: "string", value: stringsOf("a", "🦙") }, '["a","🦙"]'],
  ])("%#", (value, text) => {
    expect(printed(value)).toBe(`{"v":${text}}`);
  });

  test("leaves arrays out where they are not wanted", () => {
    expect(printed({ type: "array", of: "int8", value: [1] }, false)).toBe('{"v":null}');
  });

  test("prints 32-bit floats as they were written before the file was made", async () => {
    const { metadata } = await parseGgufHeader(sourceOf(await written(EVERY_TYPE, [])));
    const of = (key: string) => printed(metadata.get(key)!);
    expect([of("f32"), of("f32.third"), of("a.f32")]).toEqual([
      '{"v":0.00001}',
      '{"v":0.33333334}',
      '{"v":[0.1,-1.5]}',
    ]);
  });
});
