import { Type } from "@sinclair/typebox";
import { MAX_TOP_LOGPROBS } from "../../../inference/request-options.ts";
import { BASE64_FORMAT, corruptBase64, corruptBase64At } from "../../wire/base64.ts";
import { flag, jsonObject, keepAlive, model, options, record, think } from "../../wire/fields.ts";
import { ofGoType } from "../../wire/go-sentence.ts";
import { refusing } from "../../wire/refusal.ts";

/** The older name of `model`. */
export const name = Type.Optional(Type.String({ description: "Same as `model`.", deprecated: true }));

/** Texts by name, as `files` of a create request has them. */
export const textMap = (description: string) =>
  Type.Optional(record(Type.String({ description: "Digest." }), description));

export const image = refusing(
  ofGoType(
    "api.ImageData",
    Type.String({
      description: "An image as standard base64 with padding; no data URI.",
      format: BASE64_FORMAT,
    }),
  ),
  (value) => (typeof value === "string" ? corruptBase64(corruptBase64At(value) ?? 0) : undefined),
);

const format = refusing(
  Type.Union([Type.Literal("json"), Type.Literal(""), jsonObject("A JSON Schema.")], {
    description:
      'Keeps the answer to a format: `"json"` for any JSON object, or a JSON Schema. Absent or `""`: any text. A schema that cannot be enforced is refused.',
  }),
  (value) =>
    `invalid format: ${JSON.stringify(JSON.stringify(value))}; expected "json" or a valid JSON Schema object`,
);

const topLogprobs = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: MAX_TOP_LOGPROBS,
    description: "With `logprobs`: how many of the likeliest tokens to return for every place. Default 0.",
  }),
);

/** Fields of both generate and chat requests (docs/behaviour: api-native §3). */
export const ollamaAnswerFields = {
  model,
  stream: flag(
    "Reply with one JSON object a line as the answer grows. Default true; false: one object at the end.",
  ),
  format: Type.Optional(format),
  think: think(
    "Whether, or how hard, a thinking model thinks before it answers. Default: true for a model that can. A model that cannot refuses anything but false.",
  ),
  keep_alive: keepAlive,
  options,
  logprobs: flag("Return the log-probability of every token. Default false."),
  top_logprobs: topLogprobs,
  truncate: flag("Shorten a prompt that does not fit the context. Default true; false: it is refused."),
  shift: flag(
    "Drop old tokens when the context is full and go on. Default true; false: the answer ends there.",
  ),
  cache_diagnostics: flag(
    "Not Ollama's. Tell in the last object why the prompt came from the cache as far as it did. Default false.",
  ),
  _debug_render_only: flag("Return the rendered prompt and generate nothing. Default false."),
};
