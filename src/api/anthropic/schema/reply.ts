import { type Static, Type } from "@sinclair/typebox";
import { count, reply, replyText } from "../../wire/reply-fields.ts";

export const AnthropicError = reply(
  "AnthropicError",
  "A failure. Within a stream it is the data of a last event `error`, under status 200.",
  {
    type: Type.Literal("error", { description: "`error`." }),
    error: reply("AnthropicErrorDetail", "What went wrong.", {
      type: replyText(
        "`invalid_request_error` (400), `permission_error` (403), `not_found_error` (404), `request_too_large` (413), `overloaded_error` (503), otherwise `api_error`.",
      ),
      message: replyText("What went wrong, in a sentence for people."),
      details: Type.Optional(
        reply("AnthropicErrorDetails", "The cause, for programs.", {
          error_code: replyText(
            "`thread_unsupported_request`: the conversation has to be sent without `thread`.",
          ),
          unsupported: Type.Array(replyText("A feature."), { description: "What is not supported." }),
        }),
      ),
    }),
    request_id: replyText("The same as in the header `request-id`."),
  },
);

/** Anthropic's clients expect the field. */
export const alwaysNull = Type.Union([Type.String(), Type.Null()], { description: "Always null." });

export const AnthropicUsage = reply(
  "AnthropicUsage",
  "Token counts. The three of the prompt add up to its length.",
  {
    input_tokens: count("Tokens of the prompt that were evaluated."),
    cache_creation_input_tokens: count("Always 0: what is evaluated is cached by itself."),
    cache_read_input_tokens: count("Tokens of the prompt that were in the KV cache already."),
    cache_creation: alwaysNull,
    output_tokens: count("Tokens of the answer, thinking included."),
    output_tokens_details: alwaysNull,
    server_tool_use: alwaysNull,
    service_tier: Type.Literal("standard", { description: "`standard`." }),
    inference_geo: alwaysNull,
    speed: alwaysNull,
  },
);
export type AnthropicUsage = Static<typeof AnthropicUsage>;

const TextBlock = reply("AnthropicTextBlock", "Text of the answer.", {
  type: Type.Literal("text", { description: "`text`." }),
  text: replyText("The text."),
  citations: alwaysNull,
});

const ThinkingBlock = reply("AnthropicThinkingBlock", "What the model thought before it answered.", {
  type: Type.Literal("thinking", { description: "`thinking`." }),
  thinking: replyText("The thoughts; empty with `display` `omitted`."),
  signature: replyText(
    "To be sent back with the block. It carries the thoughts, so that omitted ones are not lost.",
  ),
});

const ToolUseBlock = reply("AnthropicToolUseBlock", "A call that the model makes.", {
  type: Type.Literal("tool_use", { description: "`tool_use`." }),
  id: replyText("The call's id, for the `tool_use_id` of the `tool_result` that answers it."),
  name: replyText("Name of the tool."),
  input: Type.Unknown({ description: "Its input, an object." }),
  caller: reply("AnthropicCaller", "Who calls: the model itself.", {
    type: Type.Literal("direct", { description: "`direct`." }),
  }),
});

export const ContentBlock = Type.Union([TextBlock, ThinkingBlock, ToolUseBlock], { description: "A block." });
export type ContentBlock = Static<typeof ContentBlock>;

/** Why an answer ended. */
export type AnthropicStopReason =
  | "end_turn"
  | "max_tokens"
  | "stop_sequence"
  | "tool_use"
  | "model_context_window_exceeded";

export const stopReason = Type.Union([Type.String(), Type.Null()], {
  description:
    "Why the answer ended: `end_turn`, `max_tokens` (as long as allowed), `stop_sequence`, `tool_use`, `model_context_window_exceeded`; null while it goes on.",
});
export const stopSequence = Type.Union([Type.String(), Type.Null()], {
  description: "With `stop_sequence`: which of the request's it was.",
});
export const warnings = Type.Optional(
  Type.Array(replyText("A warning."), {
    description:
      "Not Anthropic's. Why text that looked like a tool call is none, and what was found to be ignored or shortened too late for the `Warning` header.",
  }),
);

const reason = <T extends string>(type: T) => Type.Literal(type, { description: `\`${type}\`.` });
const missed = count("Tokens that would have come from the cache.");
const changed = <T extends string>(type: T) =>
  Type.Object(
    { type: reason(type), cache_missed_input_tokens: missed },
    { description: "What differs first." },
  );
const unknown = <T extends string>(type: T) =>
  Type.Object({ type: reason(type) }, { description: "Nothing can be said of the request." });
const MissReason = Type.Union(
  [
    changed("model_changed"),
    changed("system_changed"),
    changed("tools_changed"),
    changed("messages_changed"),
    unknown("previous_message_not_found"),
    unknown("unavailable"),
  ],
  { description: "Why the cache was missed." },
);
export const diagnostics = Type.Union([Type.Object({ cache_miss_reason: MissReason }), Type.Null()], {
  description: "With `diagnostics` in the request, and where the cache was missed; null otherwise.",
});
export type Diagnostics = Static<typeof diagnostics>;

export const AnthropicMessage = reply("AnthropicMessage", "The answer.", {
  id: replyText("`msg_` and 24 letters or digits."),
  type: Type.Literal("message", { description: "`message`." }),
  role: Type.Literal("assistant", { description: "`assistant`." }),
  model: replyText("The model, as the request named it."),
  content: Type.Array(ContentBlock, { description: "Its blocks, in order." }),
  stop_reason: stopReason,
  stop_sequence: stopSequence,
  stop_details: alwaysNull,
  container: alwaysNull,
  diagnostics,
  usage: AnthropicUsage,
  warnings,
});
export type AnthropicMessage = Static<typeof AnthropicMessage>;

export const TokensCount = reply("AnthropicTokensCount", "How long the prompt is.", {
  input_tokens: count("Tokens of the whole prompt, by the model's own template and vocabulary."),
});
