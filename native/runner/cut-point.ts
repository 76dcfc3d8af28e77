/** A place to cut a text: the first part ends at `end`, the next one begins at `next`. */
export interface CutPoint {
  end: number;
  next: number;
}

/** Characters on either side of a cut by which it is judged; tokens are far shorter. */
const CONTEXT = 512;
/** Places that are tried before a part is made longer. */
const TRIES = 64;

/**
 * Where a text can be cut so that its parts have together the tokens that it has as a whole: both sides of the cut are tokenised
 * apart and together. Ends of words are tried first. A vocabulary that puts a space in front of every text gets the next part without
 * the space that it begins with.
 *
 * @param from where the part begins. @param wanted where it should end, or not far before.
 */
export function cutPoint(
  text: string,
  from: number,
  wanted: number,
  tokenize: (part: string) => number[],
): CutPoint {
  if (wanted >= text.length) return { end: text.length, next: text.length };
  for (const end of candidates(text, from, wanted)) {
    const next = [end, end + 1].find((start) => agrees(text, end, start, from, tokenize));
    if (next !== undefined) return { end, next };
  }
  return cutPoint(text, from, wanted + CONTEXT, tokenize);
}

function candidates(text: string, from: number, wanted: number): number[] {
  const words: number[] = [];
  const others: number[] = [];
  for (let at = wanted; at > Math.max(from, wanted - CONTEXT * 4); at--) {
    if (isLowSurrogate(text.charCodeAt(at))) continue;
    if (isSpace(text[at]) && !isSpace(text[at - 1])) words.push(at);
    else if (others.length < TRIES) others.push(at);
  }
  return [...words.slice(0, TRIES), ...others];
}

function agrees(
  text: string,
  end: number,
  next: number,
  from: number,
  tokenize: (part: string) => number[],
): boolean {
  if (next !== end && text[end] !== " ") return false;
  const left = Math.max(from, end - CONTEXT);
  const right = Math.min(text.length, next + CONTEXT);
  const whole = tokenize(text.slice(left, right));
  const parts = [...tokenize(text.slice(left, end)), ...tokenize(text.slice(next, right))];
  return whole.length === parts.length && whole.every((token, at) => token === parts[at]);
}

const isSpace = (character = ""): boolean => /^\s$/.test(character);
const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
