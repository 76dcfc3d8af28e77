import { expect, test } from "bun:test";
import { bytePairMetadata } from "../../../../src/models/convert/byte-pair.ts";
import { tinyBytePairs, VOCABULARY } from "./tiny-decoder.ts";

interface Files {
  tokenizer?: Record<string, unknown>;
  settings?: Record<string, unknown>;
  config?: Record<string, unknown>;
  more?: Record<string, string>;
}

/** The metadata as key → value. */
async function metadataOf({ tokenizer = tinyBytePairs(), settings, config = {}, more = {} }: Files = {}) {
  const texts = {
    "tokenizer.json": JSON.stringify(tokenizer),
    ...(settings && { "tokenizer_config.json": JSON.stringify(settings) }),
    ...more,
  };
  const files = new Map(Object.entries(texts).map(([path, text]) => [path, new Blob([text])]));
  const source = { folder: { name: "m", files }, config: { label: "config.json", fields: config } };
  const metadata = await bytePairMetadata(source, VOCABULARY);
  return Object.fromEntries(
    metadata.map(([key, { value }]) => [key.replace(/^tokenizer\.(ggml\.)?/, ""), value]),
  );
}

/** `tokenizer.model` with changes. */
function withModel(changes: Record<string, unknown>): Record<string, unknown> {
  const tokenizer = tinyBytePairs();
  return { ...tokenizer, model: { ...(tokenizer.model as object), ...changes } };
}

test("tokens by id, their types, and rows that no token uses", async () => {
  expect(await metadataOf({ settings: { bos_token: "<s>", eos_token: { content: "</s>" } } })).toEqual({
    model: "gpt2",
    pre: "llama-bpe",
    tokens: ["<|end|>", "<s>", "</s>", "a", "b", "c", "\u0120", "ab", "d", "[PAD9]"],
    // The first is not marked as special, but it looks like it.
    token_type: [3, 3, 3, 1, 1, 1, 1, 1, 1, 5],
    merges: ["a b"],
    bos_token_id: 1,
    eos_token_id: 2,
    add_bos_token: false,
  });
});

test("an added token that is not special is the user's", async () => {
  const tokenizer = { ...tinyBytePairs(), added_tokens: [{ id: 9, content: "<think>", special: false }] };
  const { tokens, token_type } = await metadataOf({ tokenizer });
  expect([tokens, token_type].map((list) => (Array.isArray(list) ? list[9] : undefined))).toEqual([
    "<think>",
    4,
  ]);
});

test("merges as pairs, with spaces inside as byte-level vocabularies write them", async () => {
  const { merges } = await metadataOf({
    tokenizer: withModel({
      merges: [
        ["a", "b"],
        [" ", "c d"],
      ],
    }),
  });
  expect(merges).toEqual(["a b", "\u0120 c\u0120d"]);
});

test.each([
  ["a template that begins with a token", ["<s>", "A"], {}, { add_bos_token: true, add_eos_token: false }],
  ["a template that ends with one", ["A", "</s>"], {}, { add_bos_token: false, add_eos_token: true }],
  [
    "the settings win",
    ["<s>", "A"],
    { add_bos_token: false },
    { add_bos_token: false, add_eos_token: false },
  ],
])("what surrounds a text: %s", async (_, parts, settings, expected) => {
  const single = parts.map((id) => (id === "A" ? { Sequence: { id } } : { SpecialToken: { id } }));
  const post_processor = {
    type: "Sequence",
    processors: [{ type: "ByteLevel" }, { type: "TemplateProcessing", single }],
  };
  expect(await metadataOf({ tokenizer: { ...tinyBytePairs(), post_processor }, settings })).toMatchObject(
    expected,
  );
});

test("ids of special tokens: by name, else from config.json; several or none say nothing", async () => {
  const settings = { bos_token: "<s>", pad_token: null, unk_token: "unknown here" };
  const config = { bos_token_id: 5, eos_token_id: [1, 2], pad_token_id: 0, unk_token_id: 400 };
  const metadata = await metadataOf({ settings, config });
  expect(metadata).toMatchObject({ bos_token_id: 1, padding_token_id: 0 });
  expect(Object.keys(metadata)).not.toContain("eos_token_id");
  expect(Object.keys(metadata)).not.toContain("unknown_token_id");
});

const JINJA = { "chat_template.jinja": "from jinja", "chat_template.json": '{"chat_template":"from json"}' };

test.each<[string, Files, Record<string, unknown>]>([
  ["the settings' own", { settings: { chat_template: "own" }, more: JINJA }, { chat_template: "own" }],
  ["chat_template.jinja", { settings: {}, more: JINJA }, { chat_template: "from jinja" }],
  [
    "chat_template.json",
    { more: { "chat_template.json": '{"chat_template":"from json"}' } },
    { chat_template: "from json" },
  ],
  [
    "several with names",
    {
      settings: {
        chat_template: [
          { name: "tool use", template: "t" },
          { name: "default", template: "d" },
        ],
      },
    },
    { chat_template: "d", "chat_template.tool_use": "t", chat_templates: ["tool_use"] },
  ],
])("chat template: %s", async (_, files, expected) => {
  const metadata = await metadataOf(files);
  const own = Object.entries(metadata).filter(([key]) => key.startsWith("chat_template"));
  expect<Record<string, unknown>>(Object.fromEntries(own)).toEqual(expected);
});

test.each([
  [{ type: "Unigram" }, 'tokenizer type "Unigram" is not supported (supported: BPE)'],
  [
    { byte_fallback: true },
    "this is a SentencePiece vocabulary: its tokenizer.model is missing from the model's files",
  ],
  [{ vocab: ["a"] }, "model.vocab is missing"],
  [{ vocab: { a: 10 } }, "token id 10 is outside the embedding's 10 rows"],
  [{ vocab: { a: 3, b: 3 } }, "token id 3 is used twice"],
  [{ merges: undefined }, "model.merges is not a list of pairs"],
  [{ merges: [["a"]] }, "model.merges is not a list of pairs"],
])("refuses a model with %j", async (changes, message) => {
  await expect(metadataOf({ tokenizer: withModel(changes) })).rejects.toThrow(`tokenizer.json: ${message}`);
});
