import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { decodeFloats, encodeFloats, type FloatType } from "../../../../src/models/convert/dtype.ts";

const ALL_16_BIT = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);

const bytesOf = (array: Uint16Array | Uint32Array): Uint8Array => new Uint8Array(array.buffer);
const halvesOf = (bytes: Uint8Array): Uint16Array =>
  new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
const encode = (type: FloatType, value: number): number =>
  halvesOf(encodeFloats(type, Float32Array.of(value)))[0] ?? Number.NaN;

/** IEEE 754 binary16, computed from its definition. */
function halfByDefinition(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

describe("F16", () => {
  test("all 65,536 values are decoded as defined", () => {
    const decoded = decodeFloats("F16", bytesOf(ALL_16_BIT));
    for (const bits of ALL_16_BIT) {
      if (!Object.is(decoded[bits], halfByDefinition(bits)))
        throw new Error(`0x${bits.toString(16)}: ${decoded[bits]}`);
    }
    expect(decoded).toHaveLength(65_536);
  });

  test("all 65,536 values survive decoding and encoding, NaNs as some NaN", () => {
    const round = halvesOf(encodeFloats("F16", decodeFloats("F16", bytesOf(ALL_16_BIT))));
    for (const bits of ALL_16_BIT) {
      const isNan = (bits & 0x7fff) > 0x7c00;
      const back = round[bits] ?? 0;
      if (isNan ? (back & 0x7fff) <= 0x7c00 : back !== bits) throw new Error(`0x${bits.toString(16)}`);
    }
    expect(round).toHaveLength(65_536);
  });

  test.each([
    ["one", 1, 0x3c00],
    ["negative zero", -0, 0x8000],
    ["largest finite", 65_504, 0x7bff],
    ["just below the middle to infinity", 65_519.996, 0x7bff],
    ["the middle to infinity", 65_520, 0x7c00],
    ["far too large", -1e30, 0xfc00],
    ["infinity", Number.POSITIVE_INFINITY, 0x7c00],
    ["smallest subnormal", 2 ** -24, 0x0001],
    ["half of it: tie to even, zero", 2 ** -25, 0x0000],
    ["a little more than half of it", 2 ** -25 * 1.0001, 0x0001],
    ["one and a half of it: tie to even, two", 1.5 * 2 ** -24, 0x0002],
    ["largest subnormal", 1023 * 2 ** -24, 0x03ff],
    ["smallest normal", 2 ** -14, 0x0400],
    ["tie to even, down", 1 + 2 ** -11, 0x3c00],
    ["tie to even, up", 1 + 3 * 2 ** -11, 0x3c02],
    ["no tie: a bit below is lost only once", 1 + 2 ** -11 + 2 ** -23, 0x3c01],
  ])("%s", (_, value, bits) => {
    expect(encode("F16", value)).toBe(bits);
  });

  test("any F32 becomes the nearest F16, the even one of two", () => {
    const finite = Array.from({ length: 0x7c00 }, (_, bits) => halfByDefinition(bits));
    // Rounding treats the first value past the largest as if the exponent went on; it is infinity.
    finite.push(65_536);
    const float32 = fc
      .integer({ min: 0, max: 0x7f7f_ffff })
      .map((bits) => decodeFloats("F32", bytesOf(Uint32Array.of(bits)))[0] ?? 0);
    const nearZero = fc.float({ min: 0, max: Math.fround(2 ** -13), noNaN: true });
    fc.assert(
      fc.property(fc.oneof(float32, nearZero), (value) => {
        const above = finite.findIndex((candidate) => candidate >= value);
        if (above === -1) return encode("F16", value) === 0x7c00;
        const below = Math.max(0, above - 1);
        const down = value - (finite[below] ?? 0);
        const up = (finite[above] ?? 0) - value;
        const even = below % 2 === 0 ? below : above;
        const expected = down === up ? even : down < up ? below : above;
        return encode("F16", value) === expected && encode("F16", -value) === (expected | 0x8000);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("BF16", () => {
  test("all 65,536 values survive decoding and encoding, NaNs as some NaN", () => {
    const decoded = decodeFloats("BF16", bytesOf(ALL_16_BIT));
    const round = halvesOf(encodeFloats("BF16", decoded));
    for (const bits of ALL_16_BIT) {
      const isNan = (bits & 0x7fff) > 0x7f80;
      const back = round[bits] ?? 0;
      if (isNan ? (back & 0x7fff) <= 0x7f80 : back !== bits) throw new Error(`0x${bits.toString(16)}`);
    }
    expect([decoded[0x3f80], decoded[0xc000], decoded[0x0001]]).toEqual([1, -2, 2 ** -133]);
  });

  const fromBits = (bits: number): number => decodeFloats("F32", bytesOf(Uint32Array.of(bits)))[0] ?? 0;
  test.each([
    ["exact", 0x3f80_0000, 0x3f80],
    ["below the middle", 0x3f80_7fff, 0x3f80],
    ["tie to even, down", 0x3f80_8000, 0x3f80],
    ["above the middle", 0x3f80_8001, 0x3f81],
    ["tie to even, up", 0x3f81_8000, 0x3f82],
    ["negative tie", 0xbf81_8000, 0xbf82],
    ["carries into the exponent", 0x3fff_ffff, 0x4000],
    ["largest F32 becomes infinity", 0x7f7f_ffff, 0x7f80],
    ["subnormal", 0x0000_8001, 0x0001],
    ["infinity", 0xff80_0000, 0xff80],
  ])("%s", (_, from, to) => {
    expect(encode("BF16", fromBits(from))).toBe(to);
  });

  test("a NaN whose upper half looks like infinity stays a NaN", () => {
    const values = new Float32Array(Uint32Array.of(0x7f80_0001, 0xff80_0001, 0x7fff_ffff).buffer);
    expect([...decodeFloats("BF16", encodeFloats("BF16", values))]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  });
});

test.each(["F32", "F16", "BF16"] as const)("%s: bytes at an odd offset of a larger buffer", (type) => {
  const values = Float32Array.of(1, -2, 0.5);
  const bytes = encodeFloats(type, values);
  const shifted = new Uint8Array(bytes.byteLength + 1);
  shifted.set(bytes, 1);
  expect([...decodeFloats(type, shifted.subarray(1))]).toEqual([...values]);
});

test("a part of a larger array is encoded alone", () => {
  const part = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
  for (const type of ["F32", "F16", "BF16"] as const)
    expect([...decodeFloats(type, encodeFloats(type, part))]).toEqual([1, 2]);
});
