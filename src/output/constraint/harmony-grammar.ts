import { choice, type Expr, literal, optional, sequence } from "../../grammar/gbnf.ts";
import type { RuleBook } from "../../grammar/rule-book.ts";
import type { ToolDefinition } from "../../intent/message.ts";
import { HarmonyNames } from "../harmony/names.ts";
import { harmonyPrefill } from "../harmony/reader.ts";
import type { AnswerCore } from "./answer-core.ts";
import { textUntil } from "./text-until.ts";

const ANALYSIS = "<|channel|>analysis<|message|>";
const FINAL = "<|channel|>final<|message|>";

/**
 * gpt-oss's answer: analysis if it wants to, then a call or the final message. One call: its end ends the turn.
 * @param prompt may have begun a message.
 */
export function harmonyAnswer(
  book: RuleBook,
  { tools = [], value }: AnswerCore,
  definitions: readonly ToolDefinition[],
  prompt: string,
): Expr {
  const names = new HarmonyNames(definitions);
  const calls = tools.map((tool) =>
    sequence(
      literal(`<|channel|>commentary to=functions.${names.safe(tool.name)} <|constrain|>json<|message|>`),
      tool.arguments,
    ),
  );
  const final = value === undefined ? [] : [sequence(literal(FINAL), value)];
  const answer = choice([...calls, ...final]);
  const thought = sequence(textUntil(book, "<|end|>"), literal("<|start|>assistant"));
  const begun = harmonyPrefill(prompt);
  if (begun.includes("analysis")) return sequence(thought, answer);
  if (begun !== "" && value !== undefined) return value;
  return sequence(optional(book.named("analysis", sequence(literal(ANALYSIS), thought))), answer);
}
