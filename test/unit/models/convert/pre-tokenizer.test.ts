import { describe, expect, test } from "bun:test";
import { preTokenizer } from "../../../../src/models/convert/pre-tokenizer.ts";

/** Patterns as the published tokenizer.json files have them. */
const LLAMA_3 =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const QWEN_2 =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const TEKKEN =
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const GPT_4O =
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

const split = (pattern: string, more = {}) => ({
  type: "Split",
  pattern: { Regex: pattern },
  behavior: "Isolated",
  invert: false,
  ...more,
});
const sequence = (...pretokenizers: object[]) => ({ type: "Sequence", pretokenizers });
const bytes = (use_regex?: boolean) => ({
  type: "ByteLevel",
  add_prefix_space: false,
  ...(use_regex !== undefined && { use_regex }),
});
const digits = { type: "Digits", individual_digits: true };

const nameOf = (pre_tokenizer: unknown, model = {}, normalizer: unknown = null) =>
  preTokenizer({ label: "tokenizer.json", fields: { pre_tokenizer, model, normalizer } });

describe("the name that llama.cpp has for it", () => {
  test.each([
    ["Llama 3", "llama-bpe", sequence(split(LLAMA_3), bytes(false)), { ignore_merges: true }],
    ["Llama 3 with merges", "smaug-bpe", sequence(split(LLAMA_3), bytes(false)), {}],
    ["Qwen", "qwen2", sequence(split(QWEN_2), bytes(false)), {}],
    [
      "tiktoken, converted",
      "qwen2",
      sequence(split(QWEN_2, { behavior: "Removed", invert: true }), bytes(false)),
      {},
    ],
    ["Mistral Nemo", "tekken", sequence(split(TEKKEN), bytes(false)), { ignore_merges: true }],
    ["GPT-4o", "gpt-4o", sequence(split(GPT_4O), bytes(false)), {}],
    ["GPT-2", "gpt-2", bytes(), {}],
    ["SmolLM", "smollm", sequence(digits, bytes(true)), {}],
    [
      "DeepSeek Coder",
      "deepseek-coder",
      sequence(
        split("[\r\n]"),
        split("\\s?\\p{L}+"),
        split("\\s?\\p{P}+"),
        split("[一-龥ࠀ-一가-퟿]+"),
        digits,
        bytes(false),
      ),
      {},
    ],
  ])("%s", (_, name, pre, model) => {
    expect(nameOf(pre, model)).toBe(name);
  });

  test("composed characters are not composed, which is taken", () => {
    expect(nameOf(bytes(), {}, { type: "NFC" })).toBe("gpt-2");
    expect(nameOf(bytes(), {}, { type: "Sequence", normalizers: [] })).toBe("gpt-2");
  });
});

test.each([
  [split("\\w+"), {}, null, "its pre-tokenizer is not one of those that are supported (llama-bpe, qwen2, "],
  [null, {}, null, "its pre-tokenizer is not one of those that are supported"],
  [{ type: "Metaspace" }, {}, null, 'pre-tokenizer "Metaspace" is not supported in this form'],
  [{ type: "ByteLevel", add_prefix_space: true }, {}, null, 'pre-tokenizer "ByteLevel" is not supported'],
  [split(LLAMA_3, { invert: true }), {}, null, 'pre-tokenizer "Split" is not supported in this form'],
  [
    split(LLAMA_3, { pattern: { String: " " } }),
    {},
    null,
    'pre-tokenizer "Split" is not supported in this form',
  ],
  [{ type: "Digits" }, {}, null, 'pre-tokenizer "Digits" is not supported in this form'],
  [bytes(), {}, { type: "Lowercase" }, 'normalizer "Lowercase" is not supported (supported: NFC)'],
])("refuses %j", (pre, model, normalizer, message) => {
  expect(() => nameOf(pre, model, normalizer)).toThrow(`tokenizer.json: ${message}`);
});
