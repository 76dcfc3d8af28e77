import { Budget } from "../lib/budget.ts";
import { AppError } from "../lib/errors.ts";
import type { ThinkingTags } from "../prompt/go-template/index.ts";
import type { PromptModel } from "../prompt/prompt-model.ts";
import { type AnswerFormat, answerFormat, promptFormat } from "../prompt/render.ts";
import { type ChosenSyntax, chooseSyntax } from "./choose-syntax.ts";
import { HARMONY_MARKS } from "./harmony/reader.ts";
import { HARMONY, namedParser } from "./parsers/index.ts";
import type { NamedParser } from "./parsers/named-parser.ts";

/** How a model writes its answers, by its template. */
export interface AnswerStyle {
  /** gpt-oss's channels; `calls` and `thinking` do not matter then. */
  harmony: boolean;
  calls: ChosenSyntax;
  thinking: ThinkingTags | undefined;
  /** Reads the answer instead, where the model's config names one. */
  parser?: NamedParser;
}

/** Text and nothing else. */
export const PLAIN_STYLE: AnswerStyle = { harmony: false, calls: chooseSyntax("", ""), thinking: undefined };

const isHarmony = (template: string): boolean =>
  ["<|start|>", "<|channel|>", "<|message|>"].every((mark) => template.includes(mark));

type Templates = Pick<PromptModel, "template" | "chatTemplate" | "renderer">;

/** Where it is said how an answer is to be read; undefined for one that is text and nothing else. */
export type StyleSource = { parser: string } | { templates: Templates } | undefined;

/** The style of templates that have been read already. */
export function styleOfFormat(templates: Templates, { toolCallTag, thinking }: AnswerFormat): AnswerStyle {
  const format = promptFormat(templates);
  if (format.type === "renderer") return PLAIN_STYLE;
  const { text } = format;
  return { harmony: isHarmony(text), calls: chooseSyntax(text, toolCallTag), thinking };
}

/** @throws AppError `internal` when the model's template does not parse; OverBudget when reading it would take too long. */
export const answerStyle = (templates: Templates, budget = new Budget()): AnswerStyle =>
  styleOfFormat(templates, answerFormat(templates, budget));

/** @throws as {@link answerStyle} and {@link namedStyle} do. */
export function styleOfSource(source: StyleSource, budget: Budget): AnswerStyle {
  if (source === undefined) return PLAIN_STYLE;
  return "parser" in source ? namedStyle(source.parser) : answerStyle(source.templates, budget);
}

/**
 * How the models of a named parser write their answers.
 * @throws AppError `internal` for an unknown name: the model's config is not one that this version can run.
 */
export function namedStyle(name: string): AnswerStyle {
  if (name === HARMONY) return { ...PLAIN_STYLE, harmony: true };
  const parser = namedParser(name);
  if (parser === undefined) {
    throw new AppError("internal", `unknown parser ${JSON.stringify(name)}: a newer llamero may know it`);
  }
  const { writes, tags } = parser;
  return { harmony: false, calls: { reads: [], writes }, thinking: tags, parser };
}

/** Texts that reading the answer needs, and that may be control tokens, which otherwise have none. */
export function marksOf(style: AnswerStyle, use: { tools: boolean; thinking: boolean }): string[] {
  if (style.harmony) return HARMONY_MARKS;
  if (style.parser !== undefined) return [...style.parser.marks];
  const { reads } = style.calls;
  const { thinking } = style;
  return [
    ...(use.tools
      ? reads.filter(({ lineStart }) => !lineStart).flatMap(({ opens, marks }) => [...opens, ...marks])
      : []),
    ...(use.thinking && thinking !== undefined ? [thinking.open, thinking.close] : []),
  ];
}
