import { FormatRegistry } from "@sinclair/typebox";
import { badRequest } from "../../lib/errors.ts";

/** The first place behind `at` without a line end; Go's decoder skips those wherever they are. */
const skipLineEnds = (text: string, at: number): number =>
  at + (/^[\r\n]*/.exec(text.slice(at))?.[0].length ?? 0);

/** The offset that Go's standard base64 decoder reports, or undefined when it takes all of `text`. */
function corruptAt(text: string): number | undefined {
  const [digits = ""] = /^[A-Za-z0-9+/\r\n]*/.exec(text) ?? [];
  const at = digits.length;
  const left = digits.replace(/[\r\n]+/g, "").length % 4;
  if (at === text.length) return left === 0 ? undefined : at - left;
  if (text[at] !== "=" || left < 2) return at;
  let end = skipLineEnds(text, at + 1);
  if (left === 2) {
    // Two digits take two `=`; where the second is missing, Go counts from the first.
    if (end === text.length) return end;
    if (text[end] !== "=") return end - 1;
    end = skipLineEnds(text, end + 1);
  }
  return end < text.length ? end : undefined;
}

/**
 * The offset of the first error in standard base64, or undefined where there is none. A data URI is corrupt at its colon
 * (docs/behaviour: api-native §1.2).
 */
export function corruptBase64At(text: string): number | undefined {
  // The whole of a well-formed image in one native pass; the loop only finds the place of an error.
  if (text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return corruptAt(text);
}

/** Go's text for base64 that is corrupt at this byte. */
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
