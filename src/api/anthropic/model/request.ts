import { type Static, Type } from "@sinclair/typebox";
import { checked, flag, integer, number, refused, request, text } from "../../wire/fields.ts";
import { conversationFields } from "./conversation.ts";

const Metadata = request("AnthropicMetadata", "Facts about the request.", {
  user_id: text("Accepted; nothing depends on it."),
});

export const MessagesRequest = request(
  "MessagesRequest",
  "A conversation to continue.",
  {
    ...conversationFields,
    max_tokens: integer("Most tokens to generate. 0: the prompt is evaluated and cached, and nothing said."),
    stop_sequences: checked(
      Type.Array(Type.String({ description: "A text." }), {
        description: "Texts that end the answer; they are not part of it. Default: the model's own.",
      }),
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
    service_tier: text("`auto` or `standard_only`; others are refused."),
    inference_geo: refused("answers are made where the server is."),
    diagnostics: refused("requests are not compared with each other."),
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
