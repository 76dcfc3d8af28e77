import { type Static, Type } from "@sinclair/typebox";
import { count, reply, replyText } from "../../wire/reply-fields.ts";
import {
  AnthropicError,
  AnthropicMessage,
  AnthropicUsage,
  alwaysNull,
  ContentBlock,
  diagnostics,
  stopReason,
  stopSequence,
  warnings,
} from "./reply.ts";

const index = count("Which block of the message, from 0.");
const eventType = <T extends string>(type: T) => Type.Literal(type, { description: `\`${type}\`.` });

const MessageStart = reply("AnthropicMessageStart", "The first event: a message without content.", {
  type: eventType("message_start"),
  message: AnthropicMessage,
});
const Ping = reply("AnthropicPing", "Says that the stream is alive.", { type: eventType("ping") });
const BlockStart = reply("AnthropicContentBlockStart", "A block begins, empty.", {
  type: eventType("content_block_start"),
  index,
  content_block: ContentBlock,
});
const TextDelta = reply("AnthropicTextDelta", "Text is added.", {
  type: eventType("text_delta"),
  text: replyText("The text."),
});
const ThinkingDelta = reply("AnthropicThinkingDelta", "Thoughts are added.", {
  type: eventType("thinking_delta"),
  thinking: replyText("The thoughts."),
});
const SignatureDelta = reply("AnthropicSignatureDelta", "The thoughts are complete.", {
  type: eventType("signature_delta"),
  signature: replyText("The signature, always whole."),
});
const InputDelta = reply("AnthropicInputJsonDelta", "The input of a call is added.", {
  type: eventType("input_json_delta"),
  partial_json: replyText("The input as JSON, always whole."),
});

const BlockDelta = reply("AnthropicContentBlockDelta", "Something is added to the last block.", {
  type: eventType("content_block_delta"),
  index,
  delta: Type.Union([TextDelta, ThinkingDelta, SignatureDelta, InputDelta], {
    description: "What is added.",
  }),
});
const BlockStop = reply("AnthropicContentBlockStop", "The block is whole.", {
  type: eventType("content_block_stop"),
  index,
});
const MessageDelta = reply("AnthropicMessageDelta", "Why the answer ended, and the exact counts.", {
  type: eventType("message_delta"),
  delta: reply("AnthropicMessageDeltaFields", "What is added to the message.", {
    stop_reason: stopReason,
    stop_sequence: stopSequence,
    stop_details: alwaysNull,
    container: alwaysNull,
  }),
  usage: AnthropicUsage,
  diagnostics: Type.Optional(diagnostics),
  warnings,
});
const MessageStop = reply("AnthropicMessageStop", "The last event.", { type: eventType("message_stop") });

export const MessageEvent = Type.Union(
  [MessageStart, Ping, BlockStart, BlockDelta, BlockStop, MessageDelta, MessageStop],
  { description: "The data of an event. Its `type` is the event's name." },
);
export type MessageEvent = Static<typeof MessageEvent>;

/** The data of a stream's event: an event of the message, or a failure, which is the last one. */
export const MessageStreamEvent = Type.Union([...MessageEvent.anyOf, AnthropicError], {
  description:
    "The data of one event. An error is the last event, because the status has been sent by then; otherwise the last one is `message_stop`.",
});
export type MessageStreamEvent = Static<typeof MessageStreamEvent>;
