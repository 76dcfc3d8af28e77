import { expect, test } from "bun:test";
import { encodedOnce } from "../../../../src/api/wire/encoded-once.ts";

const textOf = (json: Uint8Array) => new TextDecoder().decode(json);

test("an object is written once by each writer", () => {
  let written = 0;
  const write = (list: readonly number[]) => {
    written++;
    return { list, mark: "<" };
  };
  const list = [1, 2];
  const json = encodedOnce(list, write);
  expect(textOf(json)).toBe('{"list":[1,2],"mark":"\\u003c"}');
  expect(encodedOnce(list, write)).toBe(json);
  expect(written).toBe(1);
  expect(textOf(encodedOnce(list, ({ length }) => ({ length })))).toBe('{"length":2}');
  expect(textOf(encodedOnce([1, 2], write))).toBe(textOf(json));
  expect(written).toBe(2);
});
