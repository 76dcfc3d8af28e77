import { badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import type { JsonFile, JsonRecord } from "./json.ts";

/** `enum llama_token_type` of llama.cpp. */
export const TOKEN_TYPE = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

/** A tokenizer's tokens by id. As many as the embedding has rows, because llama.cpp wants one for each. */
export interface TokenTable {
  tokens: string[];
  types: number[];
  ids: Map<string, number>;
}

/** Ids that no token uses are filled up with unused ones, as llama.cpp's conversion does. */
export function emptyVocabulary(size: number): TokenTable {
  return {
    tokens: Array.from({ length: size }, (_, id) => `[PAD${id}]`),
    types: new Array<number>(size).fill(TOKEN_TYPE.unused),
    ids: new Map(),
  };
}

/**
 * Gives a token its id. The same token may come again, with another type.
 * @param label the name of the file that has the token.
 * @throws AppError `bad_request` for an id outside the vocabulary, or of another token.
 */
export function placeToken(
  vocabulary: TokenTable,
  token: string,
  id: unknown,
  type: number,
  label: string,
): void {
  const { tokens, types, ids } = vocabulary;
  if (typeof id !== "number" || !Number.isInteger(id) || id < 0 || id >= tokens.length) {
    throw badRequest(
      `${label}: token id ${JSON.stringify(id)} is outside the embedding's ${tokens.length} rows`,
    );
  }
  if (types[id] !== TOKEN_TYPE.unused && tokens[id] !== token) {
    throw badRequest(`${label}: token id ${id} is used twice`);
  }
  tokens[id] = token;
  types[id] = type;
  ids.set(token, id);
}

/** A token that a tokenizer has besides the tokens of its model. */
export interface AddedToken {
  id: unknown;
  content: string;
  special: boolean;
}

/** `added_tokens` of a tokenizer.json. */
export function addedTokens({ fields }: JsonFile): AddedToken[] {
  return asRecords(fields.added_tokens).flatMap(({ id, content, special }) =>
    typeof content === "string" ? [{ id, content, special: special === true }] : [],
  );
}

/** The objects of a list; none when it is no list. */
export const asRecords = (value: unknown): JsonRecord[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];
