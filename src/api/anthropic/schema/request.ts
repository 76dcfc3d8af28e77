import { type Static, Type } from "@sinclair/typebox";
import { NULLABLE_FIELDS } from "../../wire/documented.ts";
import { flag, integer, number, request, text } from "../../wire/fields.ts";
import { refusing } from "../../wire/refusal.ts";
import { conversationFields } from "./conversation.ts";

/** The refusal of a missing `max_tokens`, too. */
export const MAX_TOKENS_REFUSAL = "max_tokens is required and must be positive";

const Metadata = request("AnthropicMetadata", "Facts about the request.", {
  user_id: text("Accepted; nothing depends on it."),
});

const Diagnostics = Type.Object(
  {
    previous_message_id: text(
      "An earlier answer of this server's. Absent or null: nothing to compare with yet.",
    ),
  },
  {
    ...NULLABLE_FIELDS,
    description: "Compare the prompt with that of an earlier answer, and tell why the cache was missed.",
  },
);

export const MessagesRequest = request(
  "MessagesRequest",
  "A conversation to continue.",
  {
    ...conversationFields,
    max_tokens: Type.Optional(
      refusing(
        Type.Integer({
          minimum: 0,
          description: "Most tokens to generate. 0: the prompt is evaluated and cached, and nothing said.",
        }),
        (value) => (Number.isInteger(value) ? MAX_TOKENS_REFUSAL : undefined),
      ),
    ),
    stop_sequences: Type.Optional(
      refusing(
        Type.Array(Type.String({ description: "A text." }), {
          description: "Texts that end the answer; they are not part of it. Default: the model's own.",
        }),
        () => "stop_sequences: must be an array of strings",
      ),
    ),
    stream: flag("Reply with server-sent events as the answer grows. Default false."),
    temperature: number(
      "Higher is more random; 0 always takes the likeliest token. Default: the model's own.",
    ),
    top_k: integer("Sample from this many of the likeliest tokens. Default: the model's own."),
    top_p: number(
      "Sample from the likeliest tokens that together have this probability, 0 to 1. Default: the model's own.",
    ),
    metadata: Type.Optional(Metadata),
    service_tier: text("Accepted: there is one tier."),
    inference_geo: text("Accepted: answers are made where the server is."),
    diagnostics: Type.Optional(Diagnostics),
    truncate: flag(
      "Not Anthropic's. Shorten a prompt that does not fit the context. Default true, with a `Warning` header; false: it is refused.",
    ),
  },
  ["model", "messages", "max_tokens"],
);
export type MessagesRequest = Static<typeof MessagesRequest>;

export const CountTokensRequest = request(
  "CountTokensRequest",
  "A conversation to measure.",
  conversationFields,
  ["model", "messages"],
);
export type CountTokensRequest = Static<typeof CountTokensRequest>;
