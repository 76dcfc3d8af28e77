import { badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import { ggufString, ggufStrings, int32s } from "../gguf/value.ts";
import type { Metadata, SourceModel } from "./architecture.ts";
import { chatTemplate } from "./chat-template.ts";
import { readJson, requireJson } from "./folder.ts";
import type { JsonFile } from "./json.ts";
import { preTokenizer } from "./pre-tokenizer.ts";
import { boundaryTokens, looksSpecial, specialTokenIds, surroundingsMetadata } from "./special-tokens.ts";
import { addedTokens, emptyVocabulary, placeToken, TOKEN_TYPE, type TokenTable } from "./vocabulary.ts";

/**
 * `tokenizer.*` for a byte-level BPE tokenizer.json, as llama.cpp's conversion writes it.
 *
 * @param size rows of the token embedding.
 * @throws AppError `bad_request` for another kind of tokenizer, or one that llama.cpp would run differently.
 */
export async function bytePairMetadata({ folder, config }: SourceModel, size: number): Promise<Metadata> {
  const tokenizer = await requireJson(folder, "tokenizer.json");
  const settings = await readJson(folder, "tokenizer_config.json");
  const vocabulary = readVocabulary(tokenizer, size);
  const { bos, eos } = boundaryTokens(tokenizer, settings);
  return [
    ["tokenizer.ggml.model", ggufString("gpt2")],
    ["tokenizer.ggml.pre", ggufString(preTokenizer(tokenizer))],
    ["tokenizer.ggml.tokens", ggufStrings(vocabulary.tokens)],
    ["tokenizer.ggml.token_type", int32s(vocabulary.types)],
    ["tokenizer.ggml.merges", ggufStrings(readMerges(tokenizer))],
    ...specialTokenIds({ config, settings }, vocabulary.ids),
    // A tokenizer without a template adds nothing, whatever llama.cpp assumes for one that cuts texts in the same way.
    ...surroundingsMetadata({ bos: bos ?? false, eos }),
    ...(await chatTemplate(folder, settings)),
  ];
}

/** `model` of tokenizer.json. */
function bytePairModel({ label, fields }: JsonFile) {
  const refuse = (why: string) => badRequest(`${label}: ${why}`);
  const model = isRecord(fields.model) ? fields.model : {};
  if (model.type !== "BPE") {
    throw refuse(`tokenizer type ${JSON.stringify(model.type ?? null)} is not supported (supported: BPE)`);
  }
  if (model.byte_fallback === true) {
    throw refuse("this is a SentencePiece vocabulary: its tokenizer.model is missing from the model's files");
  }
  if (!isRecord(model.vocab)) throw refuse("model.vocab is missing");
  return { vocab: model.vocab, merges: model.merges };
}

function readVocabulary(tokenizer: JsonFile, size: number): TokenTable {
  const { vocab } = bytePairModel(tokenizer);
  const vocabulary = emptyVocabulary(size);
  for (const [token, id] of Object.entries(vocab)) {
    placeToken(vocabulary, token, id, TOKEN_TYPE.normal, tokenizer.label);
  }
  for (const { content, id, special } of addedTokens(tokenizer)) {
    const type = special || looksSpecial(content) ? TOKEN_TYPE.control : TOKEN_TYPE.userDefined;
    placeToken(vocabulary, content, id, type, tokenizer.label);
  }
  return vocabulary;
}

/** A merge is "a b", or ["a", "b"] since tokens may contain spaces, which byte-level vocabularies write as another letter. */
function readMerges(tokenizer: JsonFile): string[] {
  const { merges } = bytePairModel(tokenizer);
  const refuse = () => badRequest(`${tokenizer.label}: model.merges is not a list of pairs`);
  if (!Array.isArray(merges)) throw refuse();
  return merges.map((merge: unknown) => {
    if (typeof merge === "string") return merge;
    if (!Array.isArray(merge) || merge.length !== 2) throw refuse();
    return merge.map((part) => String(part).replaceAll(" ", "\u0120")).join(" ");
  });
}
