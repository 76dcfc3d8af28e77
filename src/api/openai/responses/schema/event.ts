import { type Static, Type } from "@sinclair/typebox";
import { oneOf } from "../../../wire/fields.ts";
import { OpenAiErrorDetail } from "../../../wire/openai-error.ts";
import { count, reply, replyText } from "../../../wire/reply-fields.ts";
import { ItemLogprob, OutputItem, OutputText, ReasoningText, SummaryText } from "./item.ts";
import { ResponseObject } from "./response.ts";

const TYPES = [
  "response.created",
  "response.in_progress",
  "response.output_item.added",
  "response.content_part.added",
  "response.output_text.delta",
  "response.output_text.done",
  "response.reasoning_text.delta",
  "response.reasoning_text.done",
  "response.reasoning_summary_part.added",
  "response.reasoning_summary_text.delta",
  "response.reasoning_summary_text.done",
  "response.reasoning_summary_part.done",
  "response.function_call_arguments.delta",
  "response.function_call_arguments.done",
  "response.custom_tool_call_input.delta",
  "response.custom_tool_call_input.done",
  "response.content_part.done",
  "response.output_item.done",
  "response.completed",
  "response.incomplete",
  "response.failed",
] as const;

const fields = {
  type: oneOf(TYPES, "What happens; also the name of the event."),
  response: Type.Optional(ResponseObject),
  output_index: Type.Optional(count("Which item of the output, from 0.")),
  item: Type.Optional(OutputItem),
  item_id: Type.Optional(replyText("The id of that item.")),
  content_index: Type.Optional(count("Which part of the item, from 0.")),
  summary_index: Type.Optional(count("Which part of the summary, from 0.")),
  part: Type.Optional(Type.Union([OutputText, ReasoningText, SummaryText], { description: "The part." })),
  delta: Type.Optional(replyText("What is added.")),
  text: Type.Optional(replyText("All of the text.")),
  logprobs: Type.Optional(Type.Array(ItemLogprob, { description: "Of the text that the event brings." })),
  arguments: Type.Optional(replyText("All of the arguments, as JSON text.")),
  input: Type.Optional(replyText("All that the tool is called with.")),
};

const ResponseEventFields = reply("ResponseEvent", "An event.", fields);

/** The fields stand in the event, as OpenAI documents it, and in `error`, where its clients look for them. */
const errorFields = {
  type: Type.Literal("error", { description: "`error`." }),
  code: replyText("`server_error` or `rate_limit_exceeded`."),
  message: replyText("What went wrong, in a sentence for people."),
  param: Type.Union([Type.String(), Type.Null()], { description: "Always null." }),
  error: OpenAiErrorDetail,
};
const ErrorEventFields = reply("ResponseErrorEventFields", "A failure.", errorFields);

/** An event without its number. */
export type ResponseEvent = Static<typeof ResponseEventFields> | Static<typeof ErrorEventFields>;

const number = { sequence_number: count("Position among the events, from 0.") };

/** The data of an event. */
export const ResponseStreamEvent = Type.Union(
  [
    reply("ResponseStreamEvent", "What happens to a response.", { ...fields, ...number }),
    reply("ResponseErrorEvent", "A failure. `response.failed` follows if the response had begun.", {
      ...errorFields,
      ...number,
    }),
  ],
  { description: "The data of one event, as JSON." },
);
export type ResponseStreamEvent = Static<typeof ResponseStreamEvent>;
