import type { Think } from "../../intent/generate.ts";
import type { Message } from "../../intent/message.ts";
import type { ThinkingTags } from "../../prompt/go-template/index.ts";
import type { CallSyntax, ReadContext } from "../call-syntax.ts";
import type { Reading } from "../feed.ts";
import type { WriterRules } from "../part-writer.ts";

/** Facts of the request that decide how an answer begins. */
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
  /** The syntax that a grammar makes the model write calls in. */
  writes: CallSyntax;
  /** The tags around its thinking, for a grammar that begins behind it. */
  tags?: ThinkingTags;
  /** Text that a grammar puts in front of text for the user. */
  answerHead?: string;
  rules?: WriterRules;
  /** A call of a tool that the request does not have is no call. Default false. */
  declaredOnly?: boolean;
  read(context: ReadContext, start: AnswerStart): Reading;
}

/** Does the answer go on with text that the client has begun? */
export const isPrefilled = ({ last }: AnswerStart): boolean =>
  last?.role === "assistant" && last.content !== "";

export const thinks = ({ think }: AnswerStart): boolean => think !== undefined && think !== false;
