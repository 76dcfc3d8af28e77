import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { oneOf } from "../../../wire/fields.ts";
import { count, reply, replyText } from "../../../wire/reply-fields.ts";
import { OutputItem } from "./item.ts";

const orNull = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });
const echoed = (description: string) => orNull(Type.String(), description);

export const ResponseUsage = reply("ResponseUsage", "Token counts.", {
  input_tokens: count("Tokens of the prompt, what it continues included."),
  input_tokens_details: reply("ResponseInputTokensDetails", "What `input_tokens` consists of.", {
    cached_tokens: count("How many were in the KV cache already."),
  }),
  output_tokens: count("Tokens of the answer."),
  output_tokens_details: reply("ResponseOutputTokensDetails", "What `output_tokens` consists of.", {
    reasoning_tokens: count("How many were thought."),
  }),
  total_tokens: count("The sum."),
});
export type ResponseUsage = Static<typeof ResponseUsage>;

const nothingMore = <T extends string>(type: T) =>
  Type.Object({ type: Type.Literal(type, { description: `\`${type}\`.` }) });

const PromptCacheDiagnostics = Type.Union(
  [
    Type.Object({
      type: Type.Literal("cache_miss", { description: "`cache_miss`." }),
      reason: oneOf(
        ["model_changed", "tools_changed", "reasoning_effort_changed", "input_changed"],
        "What differs first.",
      ),
      cache_missed_tokens: count("Tokens that would have come from the cache."),
    }),
    nothingMore("cache_hit"),
    nothingMore("comparison_response_not_found"),
    nothingMore("unavailable"),
  ],
  {
    description:
      "Where the request has a response to compare with: whether its prompt was used again, and why not.",
  },
);
export type PromptCacheDiagnostics = Static<typeof PromptCacheDiagnostics>;

export const ResponseObject = reply("Response", "A response.", {
  id: replyText("For `previous_response_id`, and to ask for it again."),
  object: Type.Literal("response", { description: "`response`." }),
  created_at: count("When it was begun, in Unix seconds."),
  completed_at: orNull(Type.Integer(), "When it was complete, in Unix seconds; null otherwise."),
  status: oneOf(
    ["in_progress", "completed", "incomplete", "failed"],
    "`incomplete`: `max_output_tokens` ended it, or the context was full.",
  ),
  incomplete_details: orNull(
    reply("ResponseIncompleteDetails", "Why it is incomplete.", {
      reason: replyText("`max_output_tokens`."),
    }),
    "Why it is incomplete, if it is.",
  ),
  error: orNull(
    reply("ResponseError", "Why it failed.", {
      code: replyText("`server_error` or `rate_limit_exceeded`."),
      message: replyText("What went wrong, in a sentence for people."),
    }),
    "Why it failed, if it did.",
  ),
  model: replyText("The model, as the request named it."),
  output: Type.Array(OutputItem, { description: "What the model gave, in order." }),
  usage: orNull(ResponseUsage, "Null until it has ended."),
  previous_response_id: echoed("The response that it continues."),
  instructions: echoed("As the request has it."),
  tools: Type.Array(Type.Object({}, { additionalProperties: true, description: "A tool." }), {
    description: "As the request has them.",
  }),
  tool_choice: Type.Unknown({ description: "As the request has it; `auto` otherwise." }),
  parallel_tool_calls: Type.Boolean({ description: "As the request has it; true otherwise." }),
  temperature: orNull(Type.Number(), "As the request has it; null: the model's own."),
  top_p: orNull(Type.Number(), "As the request has it; null: the model's own."),
  top_logprobs: count("As the request has it; 0 otherwise."),
  max_output_tokens: orNull(Type.Integer(), "As the request has it."),
  max_tool_calls: orNull(Type.Integer(), "As the request has it."),
  reasoning: reply("ResponseReasoning", "As the request has it.", {
    effort: echoed("As the request has it."),
    summary: echoed("As the request has it."),
  }),
  text: reply("ResponseText", "As the request has it.", {
    format: Type.Object(
      {},
      { additionalProperties: true, description: "As the request has it; `text` otherwise." },
    ),
    verbosity: replyText("`medium`."),
  }),
  truncation: replyText("As the request has it; `disabled` otherwise."),
  store: Type.Boolean({ description: "Is it kept?" }),
  background: Type.Literal(false, { description: "Always false." }),
  service_tier: replyText("`default`."),
  metadata: Type.Record(Type.String(), Type.String(), { description: "As the request has it." }),
  user: echoed("As the request has it."),
  safety_identifier: echoed("As the request has it."),
  prompt_cache_key: echoed("As the request has it."),
  prompt_cache_options: Type.Optional(
    Type.Object(
      {
        mode: Type.Literal("implicit", { description: "`implicit`." }),
        ttl: Type.Literal("30m", { description: "`30m`." }),
        comparison_response_id: replyText("As the request has it."),
      },
      { description: "Where the request has a response to compare with." },
    ),
  ),
  prompt_cache_diagnostics: Type.Optional(PromptCacheDiagnostics),
  warnings: Type.Optional(
    Type.Array(replyText("A warning."), {
      description:
        "Not OpenAI's. Why text that looked like a tool call is none, and what was found to be ignored or shortened too late for the `Warning` header.",
    }),
  ),
});
export type ResponseObject = Static<typeof ResponseObject>;

export const DeletedResponse = reply("DeletedResponse", "A response that is gone.", {
  id: replyText("Its id."),
  object: Type.Literal("response", { description: "`response`." }),
  deleted: Type.Literal(true, { description: "Always true." }),
});
