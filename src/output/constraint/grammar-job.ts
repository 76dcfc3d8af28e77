import type { Budget, Micros } from "../../lib/budget.ts";
import { type AnswerStyle, answerStyle, type StyleSource } from "../answer-style.ts";
import { harmonyPrefill } from "../harmony/reader.ts";
import { endsInThinking } from "../thinking/thinking-splitter.ts";
import { type AnswerDemands, answerGrammar } from "./answer-grammar.ts";
import { schemaMicros } from "./schema-cost.ts";

/** The facts that the grammar of an answer depends on, as plain data. */
export interface GrammarJob {
  source: StyleSource;
  demands: Omit<AnswerDemands, "style">;
}

/** The grammar for each way in which the prompt may have begun the answer; undefined when the answer may be any text. */
export type GrammarText = { warnings: string[]; texts: Record<string, string> } | undefined;

const HARMONY_OPENINGS = ["analysis", "final"].map(
  (channel) => `<|start|>assistant<|channel|>${channel}<|message|>`,
);

/** The part of the answer that the end of a prompt has begun, as the shortest prompt that begins the same part. */
export function openingOf(style: AnswerStyle, thinking: boolean, prompt: string): string {
  const [analysis = "", final = ""] = HARMONY_OPENINGS;
  if (style.harmony) {
    const begun = harmonyPrefill(prompt);
    return begun === "" ? "" : begun.includes("analysis") ? analysis : final;
  }
  const { thinking: tags } = style;
  return thinking && tags !== undefined && endsInThinking(prompt, tags) ? tags.open : "";
}

function openingsOf(style: AnswerStyle, thinking: boolean): string[] {
  if (style.harmony) return ["", ...HARMONY_OPENINGS];
  return thinking && style.thinking !== undefined ? ["", style.thinking.open] : [""];
}

function costOf({ format, tools, toolChoice = "auto" }: GrammarJob["demands"]): Micros {
  const calls = toolChoice === "required" || typeof toolChoice === "object";
  const schemas: unknown[] = calls || (format !== undefined && toolChoice !== "none") ? [tools] : [];
  if (format?.type === "schema") schemas.push(format.schema);
  return schemas.reduce<number>((sum, schema) => sum + schemaMicros(schema), 0);
}

/**
 * The grammar that keeps an answer to what is demanded.
 *
 * @throws AppError `bad_request` for a schema that is invalid or cannot be enforced.
 * @throws OverBudget for one that is too large to try.
 */
export function answerGrammarJob({ source, demands }: GrammarJob, budget: Budget): GrammarText {
  budget.spend(costOf(demands));
  const style = answerStyle(source);
  const grammar = answerGrammar({ ...demands, style });
  if (grammar === undefined) return undefined;
  const texts = openingsOf(style, demands.thinking).map((opening) => [opening, grammar.gbnf(opening)]);
  return { warnings: grammar.warnings, texts: Object.fromEntries(texts) };
}
