import { anyObject } from "./json-value.ts";
import { RuleBook } from "./rule-book.ts";

/** The grammar for `format: "json"`: any JSON object, with bounded whitespace and bounded numbers. */
export function jsonGrammar(): string {
  const book = new RuleBook();
  return book.print(anyObject(book));
}
