import { type Static, Type } from "@sinclair/typebox";
import { count, reply, replyText } from "../../../wire/reply-fields.ts";

const id = replyText("The item's id.");
const status = Type.Union(
  [Type.Literal("in_progress"), Type.Literal("completed"), Type.Literal("incomplete")],
  {
    description: "`in_progress` while it grows; `incomplete` when `max_output_tokens` ended it.",
  },
);
const callId = replyText("The call's id, for the `call_id` of the item that answers it.");
const namespace = Type.Optional(replyText("The namespace of the function, where it has one."));

const probability = {
  token: replyText("The token's text."),
  logprob: Type.Number({ description: "Natural logarithm of its probability, before any sampling option." }),
  bytes: Type.Array(Type.Integer({ description: "0 to 255." }), { description: "The token in UTF-8." }),
};
export const ItemLogprob = reply("ResponseLogprob", "A token of the text, and how likely it was.", {
  ...probability,
  top_logprobs: Type.Array(reply("ResponseTopLogprob", "A token that could have been.", probability), {
    description: "The likeliest tokens for this place, likeliest first.",
  }),
});
export type ItemLogprob = Static<typeof ItemLogprob>;

export const OutputText = reply("ResponseOutputText", "Text of the answer.", {
  type: Type.Literal("output_text", { description: "`output_text`." }),
  text: replyText("The text."),
  annotations: Type.Array(Type.Unknown({ description: "None." }), { description: "Always empty." }),
  logprobs: Type.Array(ItemLogprob, { description: "With `message.output_text.logprobs`: its tokens." }),
});
export const ReasoningText = reply("ResponseReasoningText", "What the model thought.", {
  type: Type.Literal("reasoning_text", { description: "`reasoning_text`." }),
  text: replyText("The text."),
});
export const SummaryText = reply(
  "ResponseSummaryText",
  "What stands for a summary: all that the model thought.",
  {
    type: Type.Literal("summary_text", { description: "`summary_text`." }),
    text: replyText("The text."),
  },
);

export const MessageItem = reply("ResponseOutputMessage", "What the model says.", {
  id,
  type: Type.Literal("message", { description: "`message`." }),
  status,
  role: Type.Literal("assistant", { description: "`assistant`." }),
  content: Type.Array(OutputText, { description: "One text." }),
});
export type MessageItem = Static<typeof MessageItem>;

export const ReasoningItem = reply("ResponseReasoningItem", "What the model thought before it went on.", {
  id,
  type: Type.Literal("reasoning", { description: "`reasoning`." }),
  status,
  summary: Type.Array(SummaryText, { description: "Where `reasoning.summary` asks for one." }),
  content: Type.Array(ReasoningText, { description: "One text." }),
  encrypted_content: Type.Optional(
    replyText(
      "With `reasoning.encrypted_content`: the text once more, as it is, for clients that send only this back.",
    ),
  ),
});
export type ReasoningItem = Static<typeof ReasoningItem>;

export const FunctionCallItem = reply("ResponseFunctionToolCall", "A function that the model calls.", {
  id,
  type: Type.Literal("function_call", { description: "`function_call`." }),
  status,
  call_id: callId,
  name: replyText("Name of the function."),
  namespace,
  arguments: replyText("Its arguments, an object as JSON text."),
});
export type FunctionCallItem = Static<typeof FunctionCallItem>;

export const CustomCallItem = reply("ResponseCustomToolCall", "A custom tool that the model calls.", {
  id,
  type: Type.Literal("custom_tool_call", { description: "`custom_tool_call`." }),
  status,
  call_id: callId,
  name: replyText("Name of the tool."),
  namespace,
  input: replyText("What it is called with."),
});
export type CustomCallItem = Static<typeof CustomCallItem>;

export const OutputItem = Type.Union([MessageItem, ReasoningItem, FunctionCallItem, CustomCallItem], {
  description: "A message, what the model thought, or a call.",
});
export type OutputItem = Static<typeof OutputItem>;

export const InputItem = Type.Object(
  { id, type: replyText("`message`, `function_call`, `function_call_output` and so on.") },
  {
    title: "ResponseInputItem",
    additionalProperties: true,
    description: "An item, as it was sent, with an id.",
  },
);
export type InputItem = Static<typeof InputItem>;

export const InputItemList = reply("ResponseItemList", "A page of the items of a request.", {
  object: Type.Literal("list", { description: "`list`." }),
  data: Type.Array(InputItem, { description: "The items." }),
  first_id: Type.Union([Type.String(), Type.Null()], {
    description: "Id of the first one; null when there is none.",
  }),
  last_id: Type.Union([Type.String(), Type.Null()], {
    description: "Id of the last one; null when there is none.",
  }),
  has_more: Type.Boolean({ description: "Are there more after these?" }),
});

export const InputTokenCount = reply("ResponseInputTokens", "How long a prompt is.", {
  object: Type.Literal("response.input_tokens", { description: "`response.input_tokens`." }),
  input_tokens: count("Tokens of the rendered prompt."),
});
