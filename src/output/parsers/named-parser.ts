import type { Think } from "../../intent/generate.ts";
import type { Message } from "../../intent/message.ts";
import type { ThinkingTags } from "../../prompt/go-template/index.ts";
import type { CallSyntax, ReadContext } from "../call-syntax.ts";
import type { Reading } from "../feed.ts";
import type { WriterRules } from "../part-writer.ts";

/** What an answer is the answer to. */
export interface AnswerStart {
  /** Undefined: the model cannot think, or nothing is said about it. */
  think: Think | undefined;
  /** The last message of the conversation: an answer may go on with it. */
  last: Message | undefined;
  /** The request has tools. */
  tools: boolean;
  /** A grammar keeps the model from thinking first. */
  atOnce: boolean;
}

/** How models of one family answer: what a published config calls its `parser`. */
export interface NamedParser {
  /** Texts with a meaning, which may be control tokens of the vocabulary. */
  marks: readonly string[];
  /** How a model is made to write a call. */
  writes: CallSyntax;
  /** What stands around its thinking, for a grammar that begins behind it. */
  tags?: ThinkingTags;
  /** What a grammar writes in front of text for the user. */
  answerHead?: string;
  rules?: WriterRules;
  /** Only tools of the request are called; else whatever the model calls. */
  declaredOnly?: boolean;
  read(context: ReadContext, start: AnswerStart): Reading;
}

/** Does the answer go on with text that the client has begun? */
export const isPrefilled = ({ last }: AnswerStart): boolean =>
  last?.role === "assistant" && last.content !== "";

export const thinks = ({ think }: AnswerStart): boolean => think !== undefined && think !== false;
