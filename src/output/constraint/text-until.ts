import { charactersOf, complement } from "../../grammar/code-points.ts";
import { charSet, choice, type Expr, literal, reference, sequence } from "../../grammar/gbnf.ts";
import type { RuleBook } from "../../grammar/rule-book.ts";

/** For each length of a match, the longest proper beginning of the tag that is also its end. */
function borders(tag: readonly string[]): number[] {
  const table = [0, 0];
  for (let i = 1, length = 0; i < tag.length; i++) {
    while (length > 0 && tag[i] !== tag[length]) length = table[length]!;
    if (tag[i] === tag[length]) length += 1;
    table.push(length);
  }
  return table;
}

/**
 * Any text up to the first `tag`, and the tag. A rule for each number of the tag's characters that have been matched, with the
 * transitions of Knuth, Morris and Pratt: deterministic, so that llama.cpp follows one path, and right-recursive without a tail,
 * so that its stack does not grow.
 */
export const textUntil = (book: RuleBook, tag: string): Expr =>
  book.shared(`text until ${tag}`, "text", () => {
    const characters = Array.from(tag);
    const shorter = borders(characters);
    const names = characters.map((_, matched) => (matched === 0 ? "" : book.name("text-tag")));
    const start = () => textUntil(book, tag);
    const stateOf = (matched: number): Expr => (matched === 0 ? start() : reference(names[matched]!));
    const after = (matched: number, character: string): number => {
      let length = matched;
      while (length > 0 && characters[length] !== character) length = shorter[length]!;
      return characters[length] === character ? length + 1 : 0;
    };
    const step = (matched: number): Expr => {
      const known = [...new Set(characters)].filter((character) => after(matched, character) > 0);
      const options = known.map((character) => {
        const next = after(matched, character);
        return next === characters.length ? literal(character) : sequence(literal(character), stateOf(next));
      });
      const others = complement(charactersOf(known.join("")));
      return choice([...options, sequence(charSet(others), start())]);
    };
    for (let matched = 1; matched < characters.length; matched++) book.define(names[matched]!, step(matched));
    return step(0);
  });
