import { expect, test } from "bun:test";
import type { GgufMetadata, GgufValue } from "../../../../src/models/gguf/value.ts";
import { vocabularyDifference } from "../../../../src/models/gguf/vocabulary-difference.ts";

const metadata = (tokens: string[], model = "gpt2"): GgufMetadata =>
  new Map<string, GgufValue>([
    ["tokenizer.ggml.model", { type: "string", value: model }],
    ["tokenizer.ggml.tokens", { type: "array", of: "string", value: tokens }],
  ]);
const letters = (count: number): string[] => Array.from({ length: count }, (_, id) => `t${id}`);

test("vocabularies of one family are the same, though padded differently and with other control tokens in front", () => {
  const model = metadata(letters(300));
  expect(vocabularyDifference(model, metadata(letters(300)))).toBeUndefined();
  expect(vocabularyDifference(model, metadata(letters(428)))).toBeUndefined();
  expect(vocabularyDifference(model, metadata(["<a>", "<b>", ...letters(300).slice(2)]))).toBeUndefined();
});

test("what differs is named", () => {
  const model = metadata(letters(300));
  expect(vocabularyDifference(model, metadata(letters(300), "llama"))).toBe(
    'its tokenizer is "llama", and the model\'s is "gpt2"',
  );
  expect(vocabularyDifference(model, metadata(letters(429)))).toBe("it knows 429 tokens, and the model 300");
  const other = letters(300).with(7, '"');
  expect(vocabularyDifference(model, metadata(other))).toBe('its token 7 is "\\"", and the model\'s is "t7"');
});
