import type { ToolChoice } from "../intent/generate.ts";
import type { Message, ToolDefinition } from "../intent/message.ts";
import { badRequest } from "../lib/errors.ts";
import { answerReader, type ReaderOptions } from "./answer-reader.ts";
import { type AnswerStyle, answerStyle, marksOf, type StyleSource } from "./answer-style.ts";
import type { AnswerDemands } from "./constraint/answer-grammar.ts";
import { type GrammarJob, type GrammarText, openingOf } from "./constraint/grammar-job.ts";
import { DeclaredTools } from "./declared-tools.ts";
import { HarmonyNames } from "./harmony/names.ts";
import { harmonyPrefill } from "./harmony/reader.ts";
import type { AnswerReader } from "./parts.ts";
import { endsInThinking } from "./thinking/thinking-splitter.ts";

/**
 * The text that goes between the end of a prompt and an answer without thinking: the end of the thinking that a template has opened, or
 * the channel that harmony models answer in. Most often nothing.
 */
function answerOpening({ harmony, thinking }: AnswerStyle, prompt: string): string {
  if (harmony) return harmonyPrefill(prompt) === "" ? "<|channel|>final<|message|>" : "";
  return thinking !== undefined && endsInThinking(prompt, thinking) ? `\n${thinking.close}\n\n` : "";
}

/** Everything about a request that decides how its answer is demanded and read. */
export interface OutputRequest
  extends Pick<ReaderOptions, "tools" | "think" | "last">,
    Pick<AnswerDemands, "severalCalls" | "toolChoice" | "format"> {
  source: StyleSource;
}

/** Runs the work that grows with a schema where it can be ended. */
export interface OutputJobs {
  grammar(job: GrammarJob): Promise<GrammarText>;
}

/** How the model is kept to an answer and how its text is read, decided before the model is loaded. */
export interface ModelOutput {
  readonly style: AnswerStyle;
  /** Says which parts of the schema the grammar does not enforce. */
  readonly warnings: readonly string[];
  /** Texts that reading the answer needs, and that may be control tokens: their text would otherwise be left out. */
  readonly marks: readonly string[];
  /** The GBNF that keeps the answer to a prompt to the demanded format and calls. Undefined: the answer may be any text. */
  readonly grammar: ((prompt: string) => string) | undefined;
  /** Messages and tools with the names that this model knows tools by. */
  named(messages: Message[], tools: readonly ToolDefinition[]): [Message[], ToolDefinition[]];
  /** The text to put behind a prompt for an answer without thinking. */
  opening(prompt: string): string;
  /** A reader of the answer to a prompt. Undefined: the answer is text and nothing else. */
  reader(prompt: string): AnswerReader | undefined;
}

/**
 * Decides how one answer is demanded and read. `inference` enters this room here only, and goes on with the object that it returns.
 *
 * @throws AppError `bad_request` for a schema that is invalid or cannot be enforced; `internal` for a parser that this version does not
 *   know.
 */
export async function planOutput(
  { source, think, last, ...demands }: OutputRequest,
  jobs: OutputJobs,
): Promise<ModelOutput> {
  const { tools } = demands;
  const style = answerStyle(source);
  const thinking = think !== undefined && think !== false;
  const grammar = await jobs.grammar({ source, demands: { ...demands, thinking } });
  const constrained = grammar !== undefined;
  return {
    style,
    warnings: grammar?.warnings ?? [],
    marks: marksOf(style, { tools: tools.length > 0, thinking }),
    grammar: grammar && ((prompt) => grammar.texts[openingOf(style, thinking, prompt)] ?? ""),
    named(messages, definitions) {
      if (!style.harmony) return [messages, [...definitions]];
      const names = new HarmonyNames(definitions);
      return [names.messages(messages), names.tools(definitions)];
    },
    opening: (prompt) => answerOpening(style, prompt),
    reader: (prompt) => answerReader(style, { tools, think, last, constrained, prompt }),
  };
}

/** @throws AppError `bad_request` when a call is demanded of a tool that the request does not have. */
export function checkToolChoice(choice: ToolChoice, definitions: readonly ToolDefinition[]): void {
  const tools = new DeclaredTools(definitions);
  if (choice === "required" && tools.all.length === 0) throw badRequest('tool_choice "required" needs tools');
  if (typeof choice === "object" && !tools.has(choice.name)) {
    throw badRequest(`tool_choice names ${JSON.stringify(choice.name)}, which is not among the tools`);
  }
}
