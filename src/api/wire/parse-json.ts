import { badRequest } from "../../lib/errors.ts";
import { firstValueEnd, MAX_DEPTH } from "./json-scan.ts";

/** The refusal of a request without a body (docs/behaviour: api-native §1.2). */
export const MISSING_BODY = "missing request body";

/** The same in the OpenAI and Anthropic dialects (docs/behaviour: api-openai §2). */
export const EMPTY_BODY = "EOF";

/** A byte-order mark is kept, because Go refuses it. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Does `bracket` occur more than `limit` times? Looks no further, and skips over long strings such as images at native speed. */
function occursMoreThan(limit: number, bracket: string, text: string): boolean {
  let count = 0;
  for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
    count++;
    if (count > limit) return true;
  }
  return false;
}

/** Could this text nest too deeply? Only a text with that many brackets is scanned for it. */
const mayNestTooDeeply = (text: string): boolean =>
  occursMoreThan(MAX_DEPTH / 2, "{", text) || occursMoreThan(MAX_DEPTH / 2, "[", text);

/**
 * The first JSON value of a body, as Go's decoder reads it: bytes after it are ignored (docs/behaviour: api-native §1.2).
 *
 * The platform's parser does the work; only a body that it refuses is scanned again, for Go's error text or for the end of the value.
 *
 * @throws AppError `bad_request`: `missing` when there is nothing but blanks, otherwise Go's own text.
 */
export function parseFirstJson(bytes: Uint8Array, missing = MISSING_BODY): unknown {
  return parseText(decoder.decode(bytes), () => bytes, missing);
}

/** The same for a large body. Its bytes are freed once they are text, before the values are made: the three together are too much. */
export function parseLargeJson(bytes: Uint8Array<ArrayBuffer>, missing = MISSING_BODY): unknown {
  const text = decoder.decode(bytes);
  bytes.buffer.transfer(0);
  return parseText(text, () => Buffer.from(text), missing);
}

function parseText(text: string, bytes: () => Uint8Array, missing: string): unknown {
  if (/^[ \t\r\n]*$/.test(text)) throw badRequest(missing);
  // The platform's parser takes any depth, but code that walks the value later does not.
  if (mayNestTooDeeply(text)) firstValueEnd(bytes());
  try {
    return JSON.parse(text);
  } catch {
    const all = bytes();
    return JSON.parse(decoder.decode(all.subarray(0, firstValueEnd(all))));
  }
}
