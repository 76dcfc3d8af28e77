import { expect, test } from "bun:test";
import { sentencePieceMetadata } from "../../../../src/models/convert/sentencepiece.ts";
import { type TestPiece, tokenizerModel } from "./tiny-sentencepiece.ts";

const PIECES: TestPiece[] = [
  ["<unk>", 0, 2],
  ["<s>", 0, 3],
  ["</s>", 0, 3],
  ["<0x0A>", 0, 6],
  ["\u2581the", -1.5, 1],
  ["kept whole", 0, 4],
  ["nobody's", 0, 5],
];

async function metadataOf(
  model: Uint8Array | undefined = tokenizerModel(PIECES),
  texts: Record<string, object> = {},
  config: Record<string, unknown> = {},
) {
  const files = new Map<string, Blob>(
    Object.entries(texts).map(([path, value]) => [path, new Blob([JSON.stringify(value)])]),
  );
  files.set("tokenizer.model", new Blob([model.slice()]));
  const source = { folder: { name: "m", files }, config: { label: "config.json", fields: config } };
  const metadata = await sentencePieceMetadata(source, 9);
  return Object.fromEntries(
    metadata.map(([key, { value }]) => [key.replace(/^tokenizer\.(ggml\.)?/, ""), value]),
  );
}

test("pieces with their scores and types, and rows that no piece uses", async () => {
  expect(await metadataOf()).toEqual({
    model: "llama",
    pre: "default",
    tokens: ["<unk>", "<s>", "</s>", "<0x0A>", "\u2581the", "kept whole", "nobody's", "[PAD7]", "[PAD8]"],
    scores: [0, 0, 0, 0, -1.5, 0, 0, -10_000, -10_000],
    token_type: [2, 3, 3, 6, 1, 1, 5, 5, 5],
  });
});

test("tokens that were added later", async () => {
  const settings = {
    bos_token: "<s>",
    eos_token: { content: "<turn>" },
    add_bos_token: true,
    added_tokens_decoder: {
      "5": { content: "\u2581\u2581", special: false },
      "6": { content: "<unused0>", special: false },
      "8": { content: "<turn>", special: true },
    },
  };
  const metadata = await metadataOf(
    undefined,
    { "tokenizer_config.json": settings, "added_tokens.json": { extra: 7, "before the settings": 8 } },
    { eos_token_id: 2, unk_token_id: 0 },
  );
  expect(metadata).toMatchObject({
    tokens: ["<unk>", "<s>", "</s>", "<0x0A>", "\u2581the", "  ", "<unused0>", "extra", "<turn>"],
    scores: [0, 0, 0, 0, -1.5, -1000, -1000, -1000, -1000],
    token_type: [2, 3, 3, 6, 1, 4, 3, 4, 3],
    bos_token_id: 1,
    eos_token_id: 8,
    unknown_token_id: 0,
    add_bos_token: true,
  });
});

test.each([
  ["no protobuf", new TextEncoder().encode("{}"), " is not a SentencePiece model: "],
  ["cut short", tokenizerModel(PIECES).slice(0, 20), " is not a SentencePiece model: "],
  ["the unigram kind", tokenizerModel(PIECES, 1), ": only the BPE kind of SentencePiece is supported"],
  ["no trainer, which means unigram", new Uint8Array(), ": only the BPE kind of SentencePiece is supported"],
  [
    "more tokens than rows",
    tokenizerModel(Array.from({ length: 10 }, (_, i): TestPiece => [`t${i}`, 0, 1])),
    ": 10 tokens exceed the embedding's 9 rows",
  ],
])("refuses a tokenizer.model: %s", async (_, model, message) => {
  await expect(metadataOf(model)).rejects.toThrow(`tokenizer.model${message}`);
});

test("refuses an added token outside the embedding", async () => {
  const attempt = metadataOf(undefined, { "added_tokens.json": { extra: 9 } });
  await expect(attempt).rejects.toThrow("added_tokens.json: token id 9 is outside the embedding's 9 rows");
});
