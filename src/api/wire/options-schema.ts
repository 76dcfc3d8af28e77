import { type TProperties, type TSchema, Type } from "@sinclair/typebox";
import type { OptionType } from "../../intent/option-types.ts";
import type { RunOptions } from "../../intent/options.ts";
import { REQUEST } from "./documented.ts";
import { ofGoType } from "./go-sentence.ts";
import { verbatim } from "./normalise.ts";
import { refusing } from "./refusal.ts";

/** The words for a value of the wrong type (spec: api-native §2); an option that is null has not been said. */
const typed = <T extends TSchema>(type: OptionType, schema: T) =>
  Type.Optional(
    refusing(Type.Union([schema, Type.Null()]), (value, path) => {
      const wrongItem = type === "array" && Array.isArray(value);
      return `option "${path.at(-1)}" must be of ${wrongItem ? "an array of strings" : `type ${type}`}`;
    }),
  );

/** Any number is taken for a whole one, and cut to it (spec: api-native §2). */
const integer = (description: string) =>
  typed("integer", Type.Number({ description: `${description} A whole number; a fraction is cut off.` }));
const number = (description: string) => typed("float32", Type.Number({ description }));
const boolean = (description: string) => typed("boolean", Type.Boolean({ description }));
const texts = (description: string) =>
  typed("array", Type.Array(Type.String({ description: "A text." }), { description }));

const properties = {
  num_ctx: integer(
    "Tokens of context for each conversation, at least 4 and at most what the model was trained with. Default: `OLLAMA_CONTEXT_LENGTH`. Another value than the loaded one reloads the model.",
  ),
  num_batch: integer("Most tokens that are evaluated in one step of the engine. Default 512."),
  num_gpu: integer("Layers to keep on the GPU; 0: none. Default: as many as fit."),
  main_gpu: integer("Index of the only GPU to use. Default: all of them."),
  use_mmap: boolean("Map the weights into memory instead of reading them. Default: automatic."),
  num_thread: integer(
    "CPU threads of the engine, at most one for each CPU. 0, the default: as many as there are cores to use.",
  ),
  draft_num_predict: integer(
    "Tokens to speculate. The engine uses no draft models; other values than 0 are warned about.",
  ),
  num_keep: integer("Tokens at the front that stay when the context shifts. Default 4."),
  seed: integer("Seed of the sampler; the same seed gives the same answer. -1, the default: a random one."),
  num_predict: integer("Most tokens to generate. Negative, the default: as many as 10 times the context."),
  top_k: integer("Sample from this many of the likeliest tokens. 0 or less: from all. Default 40."),
  top_p: number("Sample from the likeliest tokens that together have this probability, 0 to 1. Default 0.9."),
  min_p: number(
    "Leave out tokens less likely than this share of the likeliest one, 0 to 1. Default 0: none.",
  ),
  typical_p: number("Locally typical sampling, 0 to 1. Default 1: off."),
  repeat_last_n: integer(
    "Tokens that the penalties look back at. 0: off; -1: the whole context. Default 64.",
  ),
  temperature: number("Higher is more random; 0 always takes the likeliest token. Default 0.8."),
  repeat_penalty: number("Divides the score of tokens that occurred. Default 1: off."),
  presence_penalty: number("Subtracted from the score of tokens that occurred. Default 0."),
  frequency_penalty: number("Subtracted from the score of tokens for every time they occurred. Default 0."),
  stop: texts("Texts that end the answer; they are not part of it. Default: the model's own."),
} satisfies Record<keyof RunOptions, TProperties[string]>;

/** A map in Go: its keys count as they are spelled. */
const optionMap = (title: string, description: string) =>
  ofGoType(
    "map[string]interface {}",
    verbatim(
      Type.Object(properties, {
        title,
        description,
        additionalProperties: true,
        [REQUEST]: { required: [] },
      }),
    ),
  );

export const Options = optionMap(
  "Options",
  "Options of one request. They override the model's PARAMETERs; unknown ones are ignored with a warning.",
);

export const Parameters = optionMap(
  "Parameters",
  "PARAMETERs of a model: the options of every request that does not set them. Added to the inherited ones; unknown ones are refused.",
);
