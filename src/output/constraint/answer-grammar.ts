import { charactersOf } from "../../grammar/code-points.ts";
import { charSet, choice, type Expr, literal, optional, sequence } from "../../grammar/gbnf.ts";
import { GrammarBuilder } from "../../grammar/grammar-builder.ts";
import { anyObject } from "../../grammar/json-value.ts";
import type { OutputFormat, ToolChoice } from "../../intent/generate.ts";
import type { ToolDefinition } from "../../intent/message.ts";
import { AppError } from "../../lib/errors.ts";
import type { AnswerStyle } from "../answer-style.ts";
import type { CallableTool } from "../call-syntax.ts";
import { type DeclaredTool, DeclaredTools } from "../declared-tools.ts";
import { endsInThinking } from "../thinking/thinking-splitter.ts";
import type { AnswerCore } from "./answer-core.ts";
import { callableTool } from "./callable-tools.ts";
import { harmonyAnswer } from "./harmony-grammar.ts";
import { textUntil } from "./text-until.ts";

/** The demands of a request on its answer. */
export interface AnswerDemands {
  style: AnswerStyle;
  /** The tools that the prompt shows. */
  tools: readonly ToolDefinition[];
  /** Undefined: `auto`. */
  toolChoice?: ToolChoice;
  /** May the answer have more than one call? Default true. */
  severalCalls?: boolean;
  format?: OutputFormat;
  /** The model may think before it answers. */
  thinking: boolean;
}

export interface AnswerGrammar {
  /** Says which parts of the demands the grammar does not enforce. */
  warnings: string[];
  /** GBNF. @param prompt as the model gets it: it may have opened the thinking. */
  gbnf(prompt: string): string;
}

/** White space after the thinking: the break before the answer. */
const MAX_GAP = 4;

function formatted(builder: GrammarBuilder, format: OutputFormat | undefined): Expr | undefined {
  if (format === undefined) return undefined;
  return format.type === "json" ? anyObject(builder.book) : builder.addSchema(format.schema, "value");
}

/** A tool that may be called: where its schema cannot be enforced, its arguments are any object. */
function callableAnyway(builder: GrammarBuilder, tool: DeclaredTool, warnings: string[]): CallableTool {
  try {
    callableTool(new GrammarBuilder(), tool);
    return callableTool(builder, tool);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    warnings.push(`arguments not enforced: ${error.message}`);
    return { name: tool.name, arguments: anyObject(builder.book), parameters: () => [] };
  }
}

function coreOf(builder: GrammarBuilder, demands: AnswerDemands, warnings: string[]): AnswerCore | undefined {
  const { format, severalCalls: several = true, toolChoice = "auto" } = demands;
  const declared = new DeclaredTools(demands.tools).all;
  if (toolChoice === "required") {
    return { tools: declared.map((tool) => callableTool(builder, tool)), several, value: undefined };
  }
  if (typeof toolChoice === "object") {
    const named = declared.filter(({ name }) => name === toolChoice.name);
    return { tools: named.map((tool) => callableTool(builder, tool)), several: false, value: undefined };
  }
  if (format === undefined) return undefined;
  const value = formatted(builder, format);
  const tools = toolChoice === "none" ? [] : declared.map((tool) => callableAnyway(builder, tool, warnings));
  return { tools: tools.length > 0 ? tools : undefined, several, value };
}

function plainAnswer(
  builder: GrammarBuilder,
  { calls, parser }: AnswerStyle,
  { tools, several, value }: AnswerCore,
): Expr {
  const { writes } = calls;
  const made = tools && writes.grammar?.(builder.book, tools, several);
  const head = parser?.answerHead;
  const formatted = value !== undefined && head !== undefined ? sequence(literal(head), value) : value;
  return choice([made, formatted].filter((option) => option !== undefined));
}

/** Any thinking, and then `answer`. */
function afterThinking(
  builder: GrammarBuilder,
  { style, thinking }: AnswerDemands,
  prompt: string,
  answer: Expr,
): Expr {
  const { thinking: tags } = style;
  // The prompts of some models always open the thinking.
  if (tags === undefined || !(thinking || endsInThinking(prompt, tags))) return answer;
  const { book } = builder;
  const gap = book.repeat(charSet(charactersOf(" \n")), 0, MAX_GAP);
  const rest = sequence(textUntil(book, tags.close), gap);
  const opened = endsInThinking(prompt, tags);
  return sequence(opened ? rest : optional(sequence(literal(tags.open), rest)), answer);
}

/**
 * The grammar that keeps an answer to what is demanded: a call where one is required, with arguments by the tools' schemas; the
 * format, where the model does not call a tool instead. It constrains what follows the thinking, never the thinking itself.
 *
 * @returns undefined when the answer may be any text.
 * @throws AppError `bad_request` for a schema that is invalid or cannot be enforced.
 */
export function answerGrammar(demands: AnswerDemands): AnswerGrammar | undefined {
  const builder = new GrammarBuilder();
  const warnings: string[] = [];
  const core = coreOf(builder, demands, warnings);
  if (core === undefined) return undefined;
  if (demands.style.harmony) {
    const names = demands.tools;
    const gbnf = (prompt: string) => builder.build(harmonyAnswer(builder.book, core, names, prompt)).grammar;
    return { warnings: [...warnings, ...builder.build(core.value ?? literal("")).warnings], gbnf };
  }
  const answer = plainAnswer(builder, demands.style, core);
  // Built once at the beginning, so that a grammar that is too large is refused before a model is loaded for it.
  const built = builder.build(answer);
  return {
    warnings: [...warnings, ...built.warnings],
    gbnf: (prompt) => {
      const whole = afterThinking(builder, demands, prompt, answer);
      return whole === answer ? built.grammar : builder.build(whole).grammar;
    },
  };
}
