import type { ThinkingTags } from "../prompt/go-template/index.ts";
import type { PromptModel } from "../prompt/prompt-model.ts";
import { answerFormat, promptFormat } from "../prompt/render.ts";
import { type ChosenSyntax, chooseSyntax } from "./choose-syntax.ts";
import { HARMONY_MARKS } from "./harmony/reader.ts";

/** How a model writes its answers, by its template. */
export interface AnswerStyle {
  /** gpt-oss's channels; `calls` and `thinking` do not matter then. */
  harmony: boolean;
  calls: ChosenSyntax;
  thinking: ThinkingTags | undefined;
}

/** Text and nothing else. */
export const PLAIN_STYLE: AnswerStyle = { harmony: false, calls: chooseSyntax("", ""), thinking: undefined };

const isHarmony = (template: string): boolean =>
  ["<|start|>", "<|channel|>", "<|message|>"].every((mark) => template.includes(mark));

/** @throws AppError `internal` when the model's template does not parse. */
export function answerStyle(model: Pick<PromptModel, "template" | "chatTemplate">): AnswerStyle {
  const { text } = promptFormat(model);
  const { toolCallTag, thinking } = answerFormat(model);
  return { harmony: isHarmony(text), calls: chooseSyntax(text, toolCallTag), thinking };
}

/** Texts that reading the answer needs, and that may be control tokens, which otherwise have none. */
export function marksOf(style: AnswerStyle, use: { tools: boolean; thinking: boolean }): string[] {
  if (style.harmony) return HARMONY_MARKS;
  const { reads } = style.calls;
  const { thinking } = style;
  return [
    ...(use.tools
      ? reads.filter(({ lineStart }) => !lineStart).flatMap(({ opens, marks }) => [...opens, ...marks])
      : []),
    ...(use.thinking && thinking !== undefined ? [thinking.open, thinking.close] : []),
  ];
}
