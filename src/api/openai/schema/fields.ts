import { Type } from "@sinclair/typebox";
import { MAX_TOP_LOGPROBS } from "../../../inference/request-options.ts";
import {
  flag,
  integer,
  keepAlive,
  literals,
  model,
  number,
  options,
  request,
  text,
} from "../../wire/fields.ts";
import { indexed, refusing } from "../../wire/refusal.ts";

/** Most answers to one request, as at OpenAI: each waits for a slot of its own. */
export const MAX_ANSWERS = 128;

const EFFORT_VALUES = '"minimal", "low", "medium", "high", "xhigh", "ultra", "max", or "none"';

/** How hard a model thinks; "" counts as absent. */
export const effort = (description: string) =>
  Type.Optional(
    refusing(
      Type.Union(literals("none", "minimal", "low", "medium", "high", "xhigh", "ultra", "max", ""), {
        description,
      }),
      (value) => `invalid reasoning value: ${JSON.stringify(value)} (must be ${EFFORT_VALUES})`,
    ),
  );

/** The number of alternatives to each token, which all endpoints limit. */
export const alternatives = (description: string) =>
  Type.Optional(
    refusing(
      Type.Integer({ minimum: 0, maximum: MAX_TOP_LOGPROBS, description }),
      (_, path) => `${indexed(path)} must be between 0 and ${MAX_TOP_LOGPROBS}`,
    ),
  );

/** Fields about prices, storage and accounting do not change the answer: they are accepted. */
export const serviceTier = text("Accepted: there is one tier.");

export const verbosity = text("Accepted: a hint, which local models are not trained for.");

const StreamOptions = request("StreamOptions", "What a stream has besides the answer.", {
  include_usage: flag("Send the token counts in a last chunk, which has no choices. Default false."),
  include_obfuscation: flag("Accepted: streams are never padded here."),
});

const stop = Type.Optional(
  refusing(
    Type.Union([Type.String(), Type.Array(Type.String({ description: "A text." }))], {
      description: "Texts that end the answer; they are not part of it. Default: the model's own.",
    }),
    () => "stop must be a string or an array of strings",
  ),
);

const logitBias = Type.Optional(
  refusing(
    Type.Unsafe<Record<string, number>>(
      Type.Record(
        Type.String({ pattern: "^[0-9]+$" }),
        Type.Number({ minimum: -100, maximum: 100, description: "Added to its score." }),
        {
          additionalProperties: false,
          description: "By token id: added to the token's score before sampling. -100 bans a token.",
        },
      ),
    ),
    () => "logit_bias must map token ids to numbers between -100 and 100",
  ),
);

const answers = Type.Optional(
  refusing(
    Type.Integer({ minimum: 1, maximum: MAX_ANSWERS, description: "How many answers to give. Default 1." }),
    () => `n must be an integer between 1 and ${MAX_ANSWERS}`,
  ),
);

/** Options that clients of other local servers send beside OpenAI's fields. */
const localFields = {
  top_k: integer("Not OpenAI's: as in `options`, before which it comes."),
  min_p: number("Not OpenAI's: as in `options`."),
  typical_p: number("Not OpenAI's: as in `options`."),
  repeat_last_n: integer("Not OpenAI's: as in `options`."),
  repeat_penalty: number("Not OpenAI's: as in `options`."),
  repetition_penalty: number("Not OpenAI's: the same as `repeat_penalty`."),
  num_ctx: integer("Not OpenAI's: as in `options`."),
};

/** Fields that requests for text share. Where none is given, the model's own PARAMETER holds. */
export const openaiAnswerFields = {
  model,
  stream: flag("Reply with server-sent events as the answer grows. Default false."),
  stream_options: Type.Optional(StreamOptions),
  max_tokens: integer("Most tokens to generate. Negative: as many as 10 times the context."),
  n: answers,
  seed: integer(
    "Seed of the sampler; the same seed gives the same answer. Further answers use the next seeds.",
  ),
  stop,
  temperature: number("Higher is more random; 0 always takes the likeliest token."),
  top_p: number("Sample from the likeliest tokens that together have this probability, 0 to 1."),
  frequency_penalty: number("Subtracted from the score of tokens for every time they occurred."),
  presence_penalty: number("Subtracted from the score of tokens that occurred."),
  logit_bias: logitBias,
  ...localFields,
  user: text("Accepted; nothing depends on it."),
  options,
  keep_alive: keepAlive,
  truncate: flag(
    "Not OpenAI's. Shorten a prompt that does not fit the context. Default true, with a `Warning` header; false: it is refused.",
  ),
};
