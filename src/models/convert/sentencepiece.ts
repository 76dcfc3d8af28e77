import { badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import { float32s, ggufString, ggufStrings, int32s } from "../gguf/value.ts";
import type { Metadata, SourceModel } from "./architecture.ts";
import { chatTemplate } from "./chat-template.ts";
import { type ModelFolder, readBytes, readJson } from "./folder.ts";
import { type JsonFile, optionalString } from "./json.ts";
import { readPieces } from "./sentencepiece-model.ts";
import { boundaryTokens, looksSpecial, specialTokenIds, surroundingsMetadata } from "./special-tokens.ts";
import { TOKEN_TYPE, type TokenTable } from "./vocabulary.ts";

/** Marks a space in a piece. */
const SPACE = "\u2581";

/** Scores of tokens that merging never makes, as llama.cpp's conversion gives them. */
const UNUSED_SCORE = -10_000;
const ADDED_SCORE = -1000;

interface ScoredVocabulary extends TokenTable {
  scores: number[];
}

/**
 * `tokenizer.*` for a SentencePiece tokenizer.model, as llama.cpp's conversion writes it.
 *
 * @param size rows of the token embedding.
 */
export async function sentencePieceMetadata(
  { folder, config }: SourceModel,
  size: number,
): Promise<Metadata> {
  const tokenizer = await readJson(folder, "tokenizer.json");
  const settings = await readJson(folder, "tokenizer_config.json");
  const vocabulary = await readVocabulary(folder, settings, size);
  return [
    ["tokenizer.ggml.model", ggufString("llama")],
    ["tokenizer.ggml.pre", ggufString("default")],
    ["tokenizer.ggml.tokens", ggufStrings(vocabulary.tokens)],
    ["tokenizer.ggml.scores", float32s(vocabulary.scores)],
    ["tokenizer.ggml.token_type", int32s(vocabulary.types)],
    ...specialTokenIds({ config, settings }, vocabulary.ids),
    ...surroundingsMetadata(boundaryTokens(tokenizer, settings)),
    ...(await chatTemplate(folder, settings)),
  ];
}

async function readVocabulary(
  folder: ModelFolder,
  settings: JsonFile | undefined,
  size: number,
): Promise<ScoredVocabulary> {
  const label = "tokenizer.model";
  const bytes = await readBytes(folder, label);
  if (bytes === undefined) throw badRequest(`${label} is missing from the model's files`);
  const pieces = readPieces(bytes, label);
  if (pieces.length > size) {
    throw badRequest(`${label}: ${pieces.length} tokens exceed the embedding's ${size} rows`);
  }
  const vocabulary: ScoredVocabulary = {
    tokens: Array.from({ length: size }, (_, id) => pieces[id]?.text ?? `[PAD${id}]`),
    types: Array.from({ length: size }, (_, id) => pieces[id]?.type ?? TOKEN_TYPE.unused),
    scores: Array.from({ length: size }, (_, id) => pieces[id]?.score ?? UNUSED_SCORE),
    ids: new Map(),
  };
  for (const added of await addedTokens(folder, settings)) replaceToken(vocabulary, added);
  for (const [id, token] of vocabulary.tokens.entries()) vocabulary.ids.set(token, id);
  return vocabulary;
}

interface Replacement {
  label: string;
  id: number;
  token: string;
  type: number;
}

/** A token that was added to a trained vocabulary, sometimes in the place of one. */
function replaceToken(vocabulary: ScoredVocabulary, { label, id, token, type }: Replacement): void {
  const { tokens, types, scores } = vocabulary;
  if (!Number.isInteger(id) || id < 0 || id >= tokens.length) {
    throw badRequest(`${label}: token id ${id} is outside the embedding's ${tokens.length} rows`);
  }
  tokens[id] = token;
  types[id] = type;
  scores[id] = ADDED_SCORE;
}

/** added_tokens.json, and `added_tokens_decoder` of tokenizer_config.json, which knows more and comes second. */
async function addedTokens(folder: ModelFolder, settings: JsonFile | undefined): Promise<Replacement[]> {
  const label = "added_tokens.json";
  const plain = Object.entries((await readJson(folder, label))?.fields ?? {}).map(([token, id]) => ({
    label,
    id: Number(id),
    token,
    type: TOKEN_TYPE.userDefined,
  }));
  const decoder = settings?.fields.added_tokens_decoder;
  if (settings === undefined || !isRecord(decoder)) return plain;
  const described = Object.entries(decoder).flatMap(([id, entry]) => {
    const content = isRecord(entry) ? optionalString(entry, "content") : undefined;
    if (!isRecord(entry) || content === undefined) return [];
    const control = entry.special === true || looksSpecial(content);
    const token = control ? content : content.replaceAll(SPACE, " ");
    const type = control ? TOKEN_TYPE.control : TOKEN_TYPE.userDefined;
    return [{ label: settings.label, id: Number(id), token, type }];
  });
  return [...plain, ...described];
}
