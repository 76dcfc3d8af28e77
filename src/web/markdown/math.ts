/** A formula, or the text around formulas. */
export type Piece = { text: string } | { formula: string; display: boolean };

/**
 * Finds formulas as models write them: `\( … \)`, `\[ … \]`, `$$ … $$`, and `$ … $` where no blank touches the signs inside and no
 * digit follows, so that prices are none. Code is left alone.
 */
export function divideMath(markdown: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of markdown.matchAll(MATH)) {
    const [whole, , bracketed, round, dollars, inline] = match;
    const formula = bracketed ?? round ?? dollars ?? inline;
    if (formula === undefined) continue;
    if (match.index > at) pieces.push({ text: markdown.slice(at, match.index) });
    pieces.push({ formula: formula.trim(), display: bracketed !== undefined || dollars !== undefined });
    at = match.index + whole.length;
  }
  if (at < markdown.length) pieces.push({ text: markdown.slice(at) });
  return pieces;
}

const CODE = "(```[\\s\\S]*?(?:```|$)|`[^`\\n]*`)";
const MATH = new RegExp(
  [
    CODE,
    "\\\\\\[([\\s\\S]+?)\\\\\\]",
    "\\\\\\(([\\s\\S]+?)\\\\\\)",
    "\\$\\$([\\s\\S]+?)\\$\\$",
    "\\$(?!\\s)([^$\\n]+?)(?<!\\s)\\$(?!\\d)",
  ].join("|"),
  "g",
);
