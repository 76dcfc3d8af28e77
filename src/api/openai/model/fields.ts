import { Type } from "@sinclair/typebox";
import {
  checked,
  flag,
  integer,
  keepAlive,
  model,
  number,
  options,
  request,
  text,
} from "../../wire/fields.ts";

/** How hard a model thinks. */
export const effort = (description: string) =>
  checked(
    Type.Union(
      ["none", "minimal", "low", "medium", "high", "xhigh", "max"].map((value) => Type.Literal(value)),
      { description },
    ),
  );

const StreamOptions = request("StreamOptions", "What a stream has besides the answer.", {
  include_usage: flag("Send the token counts in a last chunk, which has no choices. Default false."),
  include_obfuscation: flag("Accepted: streams are never padded here."),
});

const stop = checked(
  Type.Union([Type.String(), Type.Array(Type.String({ description: "A text." }))], {
    description: "Texts that end the answer; they are not part of it. Default: the model's own.",
  }),
);

const logitBias = checked(
  Type.Record(
    Type.String(),
    Type.Number({ minimum: -100, maximum: 100, description: "Added to its score." }),
    {
      description: "By token id: added to the token's score before sampling. -100 bans a token.",
    },
  ),
);

/** Fields that requests for text share. Where none is given, the model's own PARAMETER holds. */
export const answerFields = {
  model,
  stream: flag("Reply with server-sent events as the answer grows. Default false."),
  stream_options: Type.Optional(StreamOptions),
  max_tokens: integer("Most tokens to generate. Negative: as many as 10 times the context."),
  n: checked(Type.Integer({ minimum: 1, maximum: 128, description: "How many answers to give. Default 1." })),
  seed: integer(
    "Seed of the sampler; the same seed gives the same answer. Further answers use the next seeds.",
  ),
  stop,
  temperature: number("Higher is more random; 0 always takes the likeliest token."),
  top_p: number("Sample from the likeliest tokens that together have this probability, 0 to 1."),
  frequency_penalty: number("Subtracted from the score of tokens for every time they occurred."),
  presence_penalty: number("Subtracted from the score of tokens that occurred."),
  logit_bias: logitBias,
  user: text("Accepted; nothing depends on it."),
  options,
  keep_alive: keepAlive,
  truncate: flag(
    "Not OpenAI's. Shorten a prompt that does not fit the context. Default true, with a `Warning` header; false: it is refused.",
  ),
};
