import { AppError } from "../lib/errors.ts";
import type { ThinkingTags } from "../prompt/go-template/index.ts";
import type { AnswerFormat } from "../prompt/render.ts";
import { type ChosenSyntax, chooseSyntax } from "./choose-syntax.ts";
import { HARMONY_MARKS } from "./harmony/reader.ts";
import { HARMONY, namedParser } from "./parsers/index.ts";
import type { NamedParser } from "./parsers/named-parser.ts";

/** How a model writes its answers, by its template or its named parser. */
export interface AnswerStyle {
  /** The model writes gpt-oss's channels; `calls` and `thinking` do not matter then. */
  harmony: boolean;
  calls: ChosenSyntax;
  thinking: ThinkingTags | undefined;
  /** The parser that the model's config names; it reads the answer in place of `calls` and `thinking`. */
  parser?: NamedParser;
}

/** Answers of text and nothing else. */
const PLAIN_STYLE: AnswerStyle = { harmony: false, calls: chooseSyntax("", ""), thinking: undefined };

const isHarmony = (template: string): boolean =>
  ["<|start|>", "<|channel|>", "<|message|>"].every((mark) => template.includes(mark));

/** The way in which an answer is read: by a parser's name, or by facts of the template. Undefined: the answer is text and nothing else. */
export type StyleSource = { parser: string } | AnswerFormat | undefined;

const templateStyle = ({ template, toolCallTag, thinking }: AnswerFormat): AnswerStyle => ({
  harmony: isHarmony(template),
  calls: chooseSyntax(template, toolCallTag),
  thinking,
});

/** @throws AppError `internal` as {@link namedStyle} does. */
export function answerStyle(source: StyleSource): AnswerStyle {
  if (source === undefined) return PLAIN_STYLE;
  return "parser" in source ? namedStyle(source.parser) : templateStyle(source);
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

/** Texts that reading the answer needs, and that may be control tokens: their text would otherwise be left out. */
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
