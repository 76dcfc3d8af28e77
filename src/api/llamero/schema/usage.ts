import { type Static, Type } from "@sinclair/typebox";
import { literals } from "../../wire/fields.ts";
import { refusing } from "../../wire/refusal.ts";
import { count, moment, reply, replyText } from "../../wire/reply-fields.ts";

export const UsageQueryText = Type.Object(
  {
    from: Type.Optional(
      Type.String({
        description:
          "Since when: a date or a time (RFC 3339). Default: 24 hours before `to`, or 30 days where days are asked for. Moved back to the beginning of its hour or day.",
        example: "2026-11-29T00:00:00Z",
      }),
    ),
    to: Type.Optional(
      Type.String({ description: "Until when, exclusive. Default: now.", example: "2026-11-30T00:00:00Z" }),
    ),
    bucket: Type.Optional(
      refusing(
        Type.Union(literals("hour", "day"), {
          description: "Length of the buckets: `hour`, the default, or `day`. Days are those of UTC.",
          example: "hour",
        }),
        () => 'bucket must be "hour" or "day"',
      ),
    ),
    group: Type.Optional(
      Type.String({
        description:
          "What the sums are told apart by, besides time: any of `model`, `key`, `dialect` and `kind`, separated by commas. Default: nothing, one entry a bucket.",
        example: "model,key",
      }),
    ),
    key: Type.Optional(
      Type.String({
        description:
          "Only what this API key was used for: its id, or its name, which keys that were revoked may have had too. `none` is what was asked without a key.",
        example: "ada",
      }),
    ),
    model: Type.Optional(
      Type.String({ description: "Only what this model was used for.", example: "smollm2" }),
    ),
  },
  { additionalProperties: true },
);
export type UsageQueryText = Static<typeof UsageQueryText>;

const UsageEntry = reply("UsageEntry", "The sums of one bucket, and of one group in it.", {
  start: moment("When the bucket begins"),
  model: Type.Optional(replyText("Name of the model; where `group` has `model`.")),
  key: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: "Id of the API key, null for requests without one; where `group` has `key`.",
    }),
  ),
  key_name: Type.Optional(replyText("Its name, where the server knows the key.")),
  dialect: Type.Optional(replyText("`ollama`, `openai` or `anthropic`; where `group` has `dialect`.")),
  kind: Type.Optional(
    replyText(
      "`chat`, `completion`, `embed`, `rerank`, `decide`, `tokens` or `load`; where `group` has `kind`.",
    ),
  ),
  requests: count("Requests that named an installed model."),
  errors: count("Of those, the ones that failed or were refused. One that its client left is none."),
  prompt_tokens: count("Tokens of the prompts, cached ones included."),
  cached_tokens: count("Of those, the ones that the cache had."),
  output_tokens: count("Tokens that were generated."),
  first_tokens: count("Requests that got text."),
  first_token_ms: count(
    "The sum of the milliseconds that they waited for its beginning, loading and queueing included: divided by `first_tokens` it is the mean time to first token.",
  ),
  first_token_max_ms: count("The longest of those times."),
  duration_ms: count("The sum of the milliseconds that all requests took."),
});
export type UsageEntry = Static<typeof UsageEntry>;

export const UsageReply = reply("UsageResponse", "What was asked of the models.", {
  from: moment("When the first bucket begins"),
  to: moment("When the last one ends, exclusive"),
  bucket: Type.Union(literals("hour", "day"), { description: "Length of the buckets." }),
  usage: Type.Array(UsageEntry, {
    description: "In the order of time. Buckets in which nothing was asked are left out.",
  }),
});
