const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/**
 * Characters (Unicode code points) of a text, as Go and Python count them; half a surrogate pair counts as one. An array of the
 * characters takes thirty times the text's memory.
 *
 * @param enough counting ends here. Default: the whole text is counted.
 */
export function codePointCount(text: string, enough = Number.POSITIVE_INFINITY): number {
  let count = 0;
  for (let at = 0; at < text.length && count < enough; at += codePointUnits(text, at)) count += 1;
  return count;
}

/** The text up to that many characters. */
export function firstCodePoints(text: string, count: number): string {
  let at = 0;
  for (let taken = 0; taken < count && at < text.length; taken += 1) at += codePointUnits(text, at);
  return text.slice(0, at);
}

/** UTF-16 code units of the character that begins there. */
const codePointUnits = (text: string, at: number): 1 | 2 =>
  isHigh(text.charCodeAt(at)) && isLow(text.charCodeAt(at + 1)) ? 2 : 1;
