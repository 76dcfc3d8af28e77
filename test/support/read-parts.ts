import { answerReader, type ReaderOptions } from "../../src/output/answer-reader.ts";
import { type AnswerStyle, answerStyle } from "../../src/output/answer-style.ts";
import type { AnswerPart } from "../../src/output/parts.ts";
import { answerFormat } from "../../src/prompt/render.ts";
import { type Expected, type Sample, TOOLS } from "./answer-samples.ts";

/** A style for a template of which only the marks matter. */
export const styleOf = (marks: string): AnswerStyle =>
  answerStyle(answerFormat({ template: `{{ .Prompt }}${marks}` }));

/** Parts as an answer in one piece has them: neighbouring texts of one kind are joined. */
export function joined(parts: readonly AnswerPart[]): Expected[] {
  const result: Expected[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part.type === "tool_call") result.push({ call: part.call.name, arguments: part.call.arguments });
    else if (part.type === "text" && part.warning !== undefined) result.push({ broken: part.text });
    else if (part.type === "thinking") {
      if (typeof last === "object" && "thinking" in last) last.thinking += part.text;
      else result.push({ thinking: part.text });
    } else if (typeof last === "string") result[result.length - 1] = last + part.text;
    else result.push(part.text);
  }
  return result;
}

/** Reads an answer that comes in pieces. Without a reader all of it is text. */
export function readPieces(
  style: AnswerStyle,
  pieces: readonly string[],
  options: Partial<ReaderOptions> = {},
) {
  const reader = answerReader(style, { tools: TOOLS, think: undefined, prompt: "", ...options });
  if (reader === undefined) return joined([{ type: "text", text: pieces.join("") }]);
  return joined([...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]);
}

export const readSample = ({ template, tools = TOOLS }: Sample, pieces: readonly string[]) =>
  readPieces(styleOf(template), pieces, { tools });

/** The text cut at the given places. */
export function cutAt(text: string, places: readonly number[]): string[] {
  const sorted = [0, ...places.toSorted((a, b) => a - b), text.length];
  return sorted.slice(1).map((end, at) => text.slice(sorted[at], end));
}
