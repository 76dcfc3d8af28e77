import { expect, test } from "bun:test";
import { protobufFields } from "../../../../src/models/convert/protobuf.ts";

const fieldsOf = (...bytes: number[]) => [...protobufFields(new Uint8Array(bytes))];

test("fields of each wire type, in order", () => {
  expect(
    fieldsOf(0x08, 0x96, 0x01, 0x12, 0x02, 7, 8, 0x1d, 1, 2, 3, 4, 0x21, 1, 2, 3, 4, 5, 6, 7, 8),
  ).toEqual([
    { number: 1, kind: "varint", value: 150n },
    { number: 2, kind: "bytes", value: new Uint8Array([7, 8]) },
    { number: 3, kind: "fixed32", value: new Uint8Array([1, 2, 3, 4]) },
    { number: 4, kind: "fixed64", value: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]) },
  ]);
  expect(fieldsOf()).toEqual([]);
});

test("a varint of ten bytes, as negative numbers have", () => {
  expect(fieldsOf(0x08, ...Array(9).fill(0xff), 0x01)).toEqual([
    { number: 1, kind: "varint", value: 2n ** 64n - 1n },
  ]);
});

test.each([
  ["a varint without an end", [0x08, 0x80]],
  ["a varint that is too long", [0x08, ...Array<number>(11).fill(0x80)]],
  ["bytes that are not there", [0x12, 5, 1]],
  ["a length beyond all memory", [0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]],
  ["half a number", [0x1d, 1, 2]],
  ["a group", [0x0b]],
])("refuses %s", (_, bytes) => {
  expect(() => fieldsOf(...bytes)).toThrow(RangeError);
});
