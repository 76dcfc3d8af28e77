import { expect, test } from "bun:test";
import { wordPieceMetadata } from "../../../../src/models/convert/wordpiece.ts";

const WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "<s>", "</s>"];
const CLS = { SpecialToken: { id: "[CLS]" } };
const SEP = { SpecialToken: { id: "[SEP]" } };
const TEXT = { Sequence: { id: "A" } };
const template = (...single: object[]) => ({ type: "TemplateProcessing", single });

/** The values of `tokenizer.ggml.*` keys that a tokenizer.json with `fields` and a tokenizer_config.json with `settings` give. */
function metadata(
  fields: Record<string, unknown>,
  settings?: Record<string, unknown>,
): Record<string, unknown> {
  const tokenizer = {
    label: "tokenizer.json",
    fields: {
      model: { type: "WordPiece", vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])) },
      ...fields,
    },
  };
  const config = settings && { label: "tokenizer_config.json", fields: settings };
  const entries = wordPieceMetadata(tokenizer, config, WORDS.length);
  return Object.fromEntries(entries.map(([key, { value }]) => [key.replace("tokenizer.ggml.", ""), value]));
}

test.each([
  ["none", undefined, {}],
  [
    "BERT's own",
    { type: "BertNormalizer", lowercase: false, strip_accents: true },
    { lowercase: false, strip_accents: true },
  ],
  [
    "BERT's own, accents as case",
    { type: "BertNormalizer", lowercase: true, strip_accents: null },
    { lowercase: true },
  ],
  ["a single step", { type: "Lowercase" }, { lowercase: true }],
  [
    "steps",
    { type: "Sequence", normalizers: [{ type: "NFD" }, { type: "StripAccents" }] },
    { strip_accents: true },
  ],
])("normalizer: %s", (_, normalizer, expected) => {
  const result = metadata({ normalizer });
  const { "normalizer.lowercase": lowercase, "normalizer.strip_accents": strip_accents } = result;
  expect(JSON.stringify({ lowercase, strip_accents })).toBe(JSON.stringify(expected));
});

test.each([
  ["BERT's own processor", { type: "BertProcessing" }, [true, true]],
  ["no processor", undefined, [true, true]],
  ["both", template(CLS, TEXT, SEP), [true, true]],
  ["end only", template(TEXT, SEP), [false, true]],
  ["neither", template(TEXT), [false, false]],
  ["inside a sequence", { type: "Sequence", processors: [template(CLS, TEXT)] }, [true, false]],
])("special tokens around a text: %s", (_, post_processor, [bos, eos]) => {
  expect(metadata({ post_processor })).toMatchObject({
    add_bos_token: bos,
    add_eos_token: eos,
    add_sep_token: false,
  });
});

test.each([
  ["by BERT's spelling", undefined, [2, 3]],
  ["by name", { cls_token: "<s>", sep_token: "</s>" }, [5, 6]],
  ["as objects", { cls_token: { content: "<s>" }, sep_token: { content: "</s>" } }, [5, 6]],
  ["beginning and end win", { bos_token: "<s>", cls_token: "[CLS]", eos_token: "</s>" }, [5, 6]],
  ["null is not a name", { bos_token: null, cls_token: "<s>" }, [5, 3]],
])("ids of special tokens: %s", (_, settings, [bos, eos]) => {
  expect(metadata({}, settings)).toMatchObject({ bos_token_id: bos, eos_token_id: eos });
});

test("a vocabulary without padding and mask has neither key", () => {
  const model = { type: "WordPiece", vocab: { "[UNK]": 0, "[CLS]": 1, "[SEP]": 2 } };
  const result = metadata({ model });
  expect(result).not.toHaveProperty(["padding_token_id"]);
  expect(result).not.toHaveProperty(["mask_token_id"]);
  expect(result.unknown_token_id).toBe(0);
});

test("refuses another prefix inside words", () => {
  expect(() =>
    metadata({ model: { type: "WordPiece", vocab: {}, continuing_subword_prefix: "@@" } }),
  ).toThrow('tokenizer.json: continuing_subword_prefix must be "##"');
});
