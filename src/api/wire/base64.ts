import { FormatRegistry } from "@sinclair/typebox";
import { badRequest } from "../../lib/errors.ts";

const ALPHABET = /[A-Za-z0-9+/]/;

const isLineEnd = (char: string | undefined): boolean => char === "\n" || char === "\r";

/**
 * The offset that Go's standard base64 decoder reports, or undefined when it takes all of `text`. Line ends are skipped; the
 * offsets of bad padding are as Go counts them.
 */
function corruptAt(text: string): number | undefined {
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (isLineEnd(char)) continue;
    if (char === "=") return digits % 4 < 2 ? at : badPadding(text, at + 1, 3 - (digits % 4));
    if (!ALPHABET.test(char)) return at;
    digits++;
  }
  return digits % 4 === 0 ? undefined : text.length - (digits % 4);
}

/** What follows the first `=`: another one when the last group has two digits, and then nothing but line ends. */
function badPadding(text: string, start: number, missing: number): number | undefined {
  let at = start;
  const skip = () => {
    while (isLineEnd(text[at])) at++;
  };
  skip();
  if (missing === 1) {
    if (at === text.length) return at;
    if (text[at] !== "=") return at - 1;
    at++;
    skip();
  }
  return at < text.length ? at : undefined;
}

/**
 * The offset of what is wrong with standard base64, or undefined where it is good: bare and with padding, so that a data URI is
 * corrupt at its colon (docs/behaviour: api-native §1.2).
 */
export function corruptBase64At(text: string): number | undefined {
  // The whole of a well-formed image in one native pass; the loop only finds the place of an error.
  if (text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return corruptAt(text);
}

/** Go's words for base64 that is corrupt there. */
export const corruptBase64 = (at: number): string => `illegal base64 data at input byte ${at}`;

/** @throws AppError `bad_request` for base64 that is corrupt. */
export function checkBase64(text: string): string {
  const at = corruptBase64At(text);
  if (at !== undefined) throw badRequest(corruptBase64(at));
  return text;
}

/** The `format` of texts in base64, as OpenAPI calls it. */
export const BASE64_FORMAT = "byte";

FormatRegistry.Set(BASE64_FORMAT, (text) => corruptBase64At(text) === undefined);
