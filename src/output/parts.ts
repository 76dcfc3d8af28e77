import type { ToolCall } from "../intent/message.ts";

/** A piece of what an answer turned out to be. Pieces come in the order of the model's text. */
export type AnswerPart =
  | { type: "thinking"; text: string }
  /** `warning`: the text looked like a tool call and was none that could be made. */
  | { type: "text"; text: string; warning?: string }
  | { type: "tool_call"; call: ToolCall };

/**
 * Reads an answer as it grows. However its text is cut into pieces, the parts are the same but for where texts are divided; no
 * text makes it throw; the work is linear in the length.
 */
export interface AnswerReader {
  push(text: string): AnswerPart[];
  /** The remaining parts, when the answer has ended. To be called once, last. */
  end(): AnswerPart[];
  /** Characters at the end of what has been pushed whose meaning is still open. */
  readonly held: number;
}
