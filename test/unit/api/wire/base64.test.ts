import { expect, test } from "bun:test";
import fc from "fast-check";
import { checkBase64 } from "../../../../src/api/wire/base64.ts";

test.each(["", "aGk=", "aGVs\nbG8=", "aA==", "aGkh", "aA=\n=\n"])("%j is fine", (text) => {
  expect(checkBase64(text)).toBe(text);
});

test.each([
  ["data:image/png;base64,aGk=", 4],
  ["a", 0],
  ["aGk", 0],
  ["aGkhaG", 4],
  ["=", 0],
  ["a===", 1],
  ["aA=x", 2],
  ["aA=", 3],
  ["aGk=x", 4],
  ["aGk=aGk=", 4],
  ["aG-_", 2],
])("%j is corrupt at byte %i", (text, at) => {
  expect(() => checkBase64(text)).toThrow(`illegal base64 data at input byte ${at}`);
});

test("whatever a buffer encodes to is fine", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      checkBase64(Buffer.from(bytes).toString("base64"));
    }),
  );
});
