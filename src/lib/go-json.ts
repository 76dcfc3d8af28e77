declare global {
  interface JSON {
    /** In the runtime already, not in TypeScript's library: a value that `JSON.stringify` prints as the given text. */
    rawJSON(text: string): object;
  }
}

/** One cheap test for each encoded text: most tokens need no replacement. `\ud…` is how a lone surrogate is printed. */
const NEEDS_ESCAPE = /[<>&\u2028\u2029]|\\ud/;
/** An escaped backslash is matched so that the `\ud` after it is not mistaken for a surrogate. */
const ESCAPABLE = /\\\\|\\ud[89a-f][0-9a-f]{2}|[<>&\u2028\u2029]/g;

function escaped(found: string): string {
  if (found === "\\\\") return found;
  if (found.startsWith("\\ud")) return "\\ufffd";
  return `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

const asGo = (json: string): string => (NEEDS_ESCAPE.test(json) ? json.replace(ESCAPABLE, escaped) : json);

/**
 * Encodes a reply as Go's `encoding/json` does: compact, with `<`, `>`, `&`, U+2028 and U+2029 escaped, and half characters
 * replaced by U+FFFD, since strict clients refuse a lone surrogate.
 *
 * Keys keep their order, except that JavaScript puts integer-like ones first. Properties that are undefined are left out.
 */
export const encodeGoJson = (value: object | string | number | boolean | null): string =>
  asGo(JSON.stringify(value));

/** UTF-8 order, which is how Go sorts the keys of a map; UTF-16 order differs beyond the basic plane. */
const byBytes = ([a]: [string, unknown], [b]: [string, unknown]): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

function sorted(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(sorted).join(",")}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(byBytes)
    .map(([key, member]) => `${JSON.stringify(key)}:${sorted(member)}`);
  return `{${members.join(",")}}`;
}

/** Like {@link encodeGoJson}, with the keys of every object sorted as Go sorts a map's: for blobs whose digest must agree. */
export const encodeSortedGoJson = (value: unknown): string => asGo(sorted(value));

/** An integer that prints with all its digits: a number where that is exact, raw JSON text beyond 2^53. */
export function jsonInteger(value: bigint): number | object {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : JSON.rawJSON(value.toString());
}
