const QUOTES = '"""';

/** Where a `"""` block begins in what was typed: at its start, or behind `/set system`. */
const OPENING = /^(?:\/set\s+system\s+)?"""/;

/** Has a `"""` block been opened and not closed? A line break then belongs to the text. */
export function isOpenBlock(text: string): boolean {
  const opening = OPENING.exec(text)?.[0];
  return opening !== undefined && (text.length < opening.length + QUOTES.length || !text.endsWith(QUOTES));
}

/** A message without the marks of a block, where it has them. */
export function unquoteBlock(text: string): string {
  const isBlock = text.length >= 2 * QUOTES.length && text.startsWith(QUOTES) && text.endsWith(QUOTES);
  return isBlock ? text.slice(QUOTES.length, -QUOTES.length) : text;
}
