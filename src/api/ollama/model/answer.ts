import { type Static, Type } from "@sinclair/typebox";
import { answerFields, flag, image, request, text } from "./fields.ts";
import { Message, Tool } from "./message.ts";

export const GenerateRequest = request("GenerateRequest", {
  ...answerFields,
  prompt: text("The prompt. Empty: only load the model, or unload it with `keep_alive` 0."),
  suffix: text("Text that follows the answer, for models that can fill in the middle."),
  system: text("Replaces the model's SYSTEM."),
  template: text("Replaces the model's TEMPLATE (Go template)."),
  context: Type.Optional(
    Type.Array(Type.Integer(), { description: "`context` of an earlier reply.", deprecated: true }),
  ),
  raw: flag("Give the prompt to the model as it is, without a template."),
  images: Type.Optional(Type.Array(image)),
});
export type GenerateRequest = Static<typeof GenerateRequest>;

export const ChatRequest = request("ChatRequest", {
  ...answerFields,
  messages: Type.Optional(Type.Array(Message)),
  tools: Type.Optional(Type.Array(Tool)),
});
export type ChatRequest = Static<typeof ChatRequest>;

const probability = {
  token: Type.String(),
  logprob: Type.Number(),
  bytes: Type.Optional(Type.Array(Type.Integer())),
};

const Logprob = Type.Object({
  ...probability,
  top_logprobs: Type.Optional(Type.Array(Type.Object(probability))),
});

const count = Type.Optional(Type.Integer());
const nanoseconds = Type.Optional(Type.Integer({ description: "Nanoseconds." }));

/** Chunks of a stream and the one reply without it. Metrics come with the last chunk only; a zero is left out. */
const answerReply = {
  model: Type.String(),
  created_at: Type.String({ format: "date-time" }),
  done: Type.Boolean(),
  done_reason: Type.Optional(Type.String({ description: "`stop`, `length`, `load` or `unload`." })),
  total_duration: nanoseconds,
  load_duration: nanoseconds,
  prompt_eval_count: count,
  prompt_cached_count: Type.Optional(
    Type.Integer({ description: "Of the prompt's tokens, how many were already in the KV cache." }),
  ),
  prompt_eval_duration: nanoseconds,
  eval_count: count,
  eval_duration: nanoseconds,
  truncated: Type.Optional(Type.Boolean({ description: "The prompt was shortened to fit the context." })),
  logprobs: Type.Optional(Type.Array(Logprob)),
  _debug_info: Type.Optional(
    Type.Object({
      rendered_template: Type.String(),
      token_count: Type.Integer(),
      image_count: Type.Optional(Type.Integer()),
    }),
  ),
};

const ReplyToolCall = Type.Object({
  id: Type.Optional(Type.String()),
  function: Type.Object({
    index: Type.Integer(),
    name: Type.String(),
    arguments: Type.Record(Type.String(), Type.Unknown()),
  }),
});

export const GenerateReply = Type.Object({
  ...answerReply,
  response: Type.String(),
  thinking: Type.Optional(Type.String()),
  context: Type.Optional(Type.Array(Type.Integer())),
  tool_calls: Type.Optional(Type.Array(ReplyToolCall)),
});
export type GenerateReply = Static<typeof GenerateReply>;

export const ChatReply = Type.Object({
  ...answerReply,
  message: Type.Object({
    role: Type.String(),
    content: Type.String(),
    thinking: Type.Optional(Type.String()),
    tool_calls: Type.Optional(Type.Array(ReplyToolCall)),
  }),
});
export type ChatReply = Static<typeof ChatReply>;
export type ReplyToolCall = Static<typeof ReplyToolCall>;
export type Logprob = Static<typeof Logprob>;
