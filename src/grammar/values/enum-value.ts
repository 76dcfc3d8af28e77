import { choice, EMPTY_TEXT, type Expr, literal, sequence } from "../gbnf.ts";
import type { RuleBook } from "../rule-book.ts";

/** Groups nested deeper than this become rules of their own, since llama.cpp parses groups recursively. */
const MAX_INLINE = 4;

type Text = readonly string[];

/**
 * Exactly the given texts. Common beginnings are shared, so that llama.cpp has one path to follow at every character, however
 * many values an enum has.
 */
export function textsValue(book: RuleBook, hint: string, texts: readonly string[]): Expr {
  const distinct = [...new Set(texts)].map((text) => [...text]);
  return tails(book, hint, distinct, 0, 0);
}

/** The expression behind the first `from` characters, which all `texts` have in common. */
function tails(book: RuleBook, hint: string, texts: readonly Text[], from: number, depth: number): Expr {
  const groups = Map.groupBy(texts, (text) => text[from] ?? "");
  const options = [...groups].map(([first, group]) => {
    if (first === "") return EMPTY_TEXT;
    const to = commonLength(group, from);
    const head = literal(group[0]!.slice(from, to).join(""));
    if (group.length === 1) return head;
    const rest = tails(book, hint, group, to, depth + 1);
    return sequence(head, depth % MAX_INLINE === MAX_INLINE - 1 ? book.named(hint, rest) : rest);
  });
  return choice(options);
}

/** Up to where all texts are the same; they are known to be so up to and with the character at `from`. */
function commonLength([first = [], ...others]: readonly Text[], from: number): number {
  let length = from + 1;
  while (length < first.length && others.every((text) => text[length] === first[length])) length += 1;
  return length;
}
