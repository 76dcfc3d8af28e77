import { badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import { bool, type GgufValue, ggufString, ggufStrings, int32s, uint32 } from "../gguf/value.ts";
import type { JsonFile } from "./json.ts";
import { templateOf, tokenText } from "./special-tokens.ts";
import {
  addedTokens as addedTokensOf,
  asRecords,
  emptyVocabulary,
  placeToken,
  TOKEN_TYPE,
  type TokenTable,
} from "./vocabulary.ts";

/** Marks the start of a word; llama.cpp's WordPiece wants it instead of "##" before the pieces inside a word. */
const WORD_START = "\u2581";

/**
 * GGUF key ← the first of the tokenizer_config.json fields that is set, else BERT's own spelling. BERT has no beginning and end
 * of text of its own: `[CLS]` and `[SEP]` serve.
 */
const SPECIAL_TOKENS: { key: string; fields: string[]; spelling: string; optional?: true }[] = [
  { key: "unknown", fields: ["unk_token"], spelling: "[UNK]" },
  // GGUF's own spelling of "separator".
  { key: "seperator", fields: ["sep_token"], spelling: "[SEP]" },
  { key: "padding", fields: ["pad_token"], spelling: "[PAD]", optional: true },
  { key: "mask", fields: ["mask_token"], spelling: "[MASK]", optional: true },
  { key: "bos", fields: ["bos_token", "cls_token"], spelling: "[CLS]" },
  { key: "eos", fields: ["eos_token", "sep_token"], spelling: "[SEP]" },
];

/**
 * `tokenizer.ggml.*` for a WordPiece tokenizer, as llama.cpp's conversion writes it.
 *
 * @param tokenizer tokenizer.json.
 * @param settings tokenizer_config.json, when there is one.
 * @param size rows of the token embedding; ids that the tokenizer does not use are filled up.
 */
export function wordPieceMetadata(
  tokenizer: JsonFile,
  settings: JsonFile | undefined,
  size: number,
): (readonly [string, GgufValue])[] {
  const vocabulary = readVocabulary(tokenizer, size);
  const phantom = vocabulary.tokens.map((token, id) => spelled(token, vocabulary.types[id]));
  return [
    ["tokenizer.ggml.model", ggufString("bert")],
    // llama.cpp reads this for byte-pair vocabularies only; it is what its conversion detects for uncased English BERT.
    ["tokenizer.ggml.pre", ggufString("jina-v2-en")],
    ["tokenizer.ggml.tokens", ggufStrings(phantom)],
    ["tokenizer.ggml.token_type", int32s(vocabulary.types)],
    ...specialTokens(tokenizer, settings, vocabulary),
    ...addedTokens(tokenizer.fields.post_processor),
    ...normalizer(tokenizer.fields.normalizer),
  ];
}

function readVocabulary(tokenizer: JsonFile, size: number): TokenTable {
  const refuse = (why: string) => badRequest(`${tokenizer.label}: ${why}`);
  const model = isRecord(tokenizer.fields.model) ? tokenizer.fields.model : {};
  if (model.type !== "WordPiece") {
    throw refuse(
      `tokenizer type ${JSON.stringify(model.type ?? null)} is not supported (supported: WordPiece)`,
    );
  }
  if ((model.continuing_subword_prefix ?? "##") !== "##")
    throw refuse('continuing_subword_prefix must be "##"');
  if (!isRecord(model.vocab)) throw refuse("model.vocab is missing");

  const vocabulary = emptyVocabulary(size);
  for (const [token, id] of Object.entries(model.vocab)) {
    placeToken(vocabulary, token, id, TOKEN_TYPE.normal, tokenizer.label);
  }
  for (const { content, id, special } of addedTokensOf(tokenizer)) {
    placeToken(
      vocabulary,
      content,
      id,
      special ? TOKEN_TYPE.control : TOKEN_TYPE.userDefined,
      tokenizer.label,
    );
  }
  return vocabulary;
}

/** llama.cpp's spelling: "##ing" → "ing", "walk" → "▁walk"; control tokens stay as they are. */
function spelled(token: string, type: number | undefined): string {
  if (type === TOKEN_TYPE.control) return token;
  return token.startsWith("##") ? token.slice(2) : WORD_START + token;
}

function specialTokens(tokenizer: JsonFile, settings: JsonFile | undefined, { ids }: TokenTable) {
  return SPECIAL_TOKENS.flatMap(({ key, fields, spelling, optional }) => {
    const token = fields
      .map((field) => tokenText(settings?.fields[field]))
      .find((found) => found !== undefined);
    const id = ids.get(token ?? spelling);
    if (id !== undefined) return [[`tokenizer.ggml.${key}_token_id`, uint32(id)] as const];
    if (optional) return [];
    throw badRequest(`${tokenizer.label}: the vocabulary has no ${token ?? spelling} token`);
  });
}

/** Which special tokens surround a text. Only a TemplateProcessing can leave them away; BERT's own processor never does. */
function addedTokens(processor: unknown) {
  const single = templateOf(processor);
  const adds = (at: number) => single === undefined || isRecord(single.at(at)?.SpecialToken);
  return [
    ["tokenizer.ggml.add_bos_token", bool(adds(0))],
    ["tokenizer.ggml.add_eos_token", bool(adds(-1))],
    ["tokenizer.ggml.add_sep_token", bool(false)],
  ] as const;
}

/** Case and accents, where the tokenizer says; llama.cpp's defaults are to fold both. */
function normalizer(value: unknown): (readonly [string, GgufValue])[] {
  const all = isRecord(value) ? [value, ...asRecords(value.normalizers)] : [];
  const stated = (own: string, field: string): boolean | undefined => {
    if (all.some(({ type }) => type === own)) return true;
    const flag = all.find(({ type }) => type === "BertNormalizer")?.[field];
    return typeof flag === "boolean" ? flag : undefined;
  };
  return [
    ["lowercase", stated("Lowercase", "lowercase")] as const,
    ["strip_accents", stated("StripAccents", "strip_accents")] as const,
  ].flatMap(([key, flag]) =>
    flag === undefined ? [] : [[`tokenizer.ggml.normalizer.${key}`, bool(flag)] as const],
  );
}
