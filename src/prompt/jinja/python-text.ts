/** Widest that a text is padded to, so that padding takes no more memory than a template may write. */
const MAX_WIDTH = 10_000;

export const capitalized = (text: string): string =>
  text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();

/** Python's `title`: every word begins large and goes on small. */
export const titled = (text: string): string =>
  text.replace(/\p{L}+/gu, (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase());

function widthOf(width: number): number {
  if (width > MAX_WIDTH) throw new Error(`a width of more than ${MAX_WIDTH}`);
  return width;
}

export function centered(text: string, width: number, fill = " "): string {
  const room = widthOf(width) - text.length;
  if (room <= 0) return text;
  const left = Math.floor(room / 2);
  return fill.repeat(left) + text + fill.repeat(room - left);
}

export const padded = (text: string, width: number, fill: string, atStart: boolean): string =>
  atStart ? text.padStart(widthOf(width), fill) : text.padEnd(widthOf(width), fill);

/** Which ends of a text are stripped. */
export interface StrippedEnds {
  start: boolean;
  end: boolean;
}
const BOTH: StrippedEnds = { start: true, end: true };

/** Python's `strip`. @param characters undefined: white space. */
export function stripped(
  text: string,
  characters: string | undefined,
  { start, end }: StrippedEnds = BOTH,
): string {
  if (characters === undefined) {
    const begun = start ? text.trimStart() : text;
    return end ? begun.trimEnd() : begun;
  }
  let from = 0;
  let to = text.length;
  while (start && from < to && characters.includes(text[from]!)) from++;
  while (end && to > from && characters.includes(text[to - 1]!)) to--;
  return text.slice(from, to);
}
