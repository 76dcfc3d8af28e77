const LETTER_OR_DIGIT = /^[\p{L}\p{Nd}_]$/u;
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** The four characters that Go's template language calls space. */
export const isSpace = (char: string | undefined): boolean =>
  char === " " || char === "\t" || char === "\r" || char === "\n";

/** A character (one code point) that identifiers consist of. */
export const isAlphaNumeric = (char: string): boolean => LETTER_OR_DIGIT.test(char);

/** Go's `strconv.IsPrint`: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export const isPrintable = (char: string): boolean => PRINTABLE.test(char);

/** The code point at `index` as a string of one or two UTF-16 units; "" at the end. */
export function charAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  return code === undefined ? "" : String.fromCodePoint(code);
}

/** Go's `%#U`: `U+00E9 'é'`, without the character where it is not printable. */
export function describeChar(char: string): string {
  const hex = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return isPrintable(char) ? `U+${hex} '${char}'` : `U+${hex}`;
}
