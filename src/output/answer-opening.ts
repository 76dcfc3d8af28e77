import type { AnswerStyle } from "./answer-style.ts";
import { harmonyPrefill } from "./harmony/reader.ts";
import { endsInThinking } from "./thinking/thinking-splitter.ts";

/**
 * What stands between the end of a prompt and an answer that is given at once: the end of the thinking that a template has opened, or
 * the channel that harmony models answer in. Most often nothing.
 */
export function answerOpening({ harmony, thinking }: AnswerStyle, prompt: string): string {
  if (harmony) return harmonyPrefill(prompt) === "" ? "<|channel|>final<|message|>" : "";
  return thinking !== undefined && endsInThinking(prompt, thinking) ? `\n${thinking.close}\n\n` : "";
}
