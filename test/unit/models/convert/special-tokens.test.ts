import { expect, test } from "bun:test";
import { looksSpecial } from "../../../../src/models/convert/special-tokens.ts";

test.each([
  ["<|im_end|>", true],
  ["<｜begin▁of▁sentence｜>", true],
  ["<unused12>", true],
  ["<pad>", true],
  ["<think>", false],
  ["word", false],
  ["a <|im_end|>", false],
])("%s", (token, special) => {
  expect(looksSpecial(token)).toBe(special);
});
