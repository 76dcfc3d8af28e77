import { Type } from "@sinclair/typebox";
import type { Think } from "../../../intent/generate.ts";
import { badRequest } from "../../../lib/errors.ts";
import { checkBase64 } from "../../wire/base64.ts";
import { decodedBy } from "../../wire/decode.ts";
import { documentedAs } from "../../wire/documented.ts";
import { flag, keepAlive, model, options } from "../../wire/fields.ts";

/** The older name of `model`. */
export const name = Type.Optional(Type.String({ description: "Same as `model`.", deprecated: true }));

/** Texts by name, as `files` of a create request has them. */
export const textMap = (description: string) =>
  Type.Optional(Type.Record(Type.String(), Type.String({ description: "Digest." }), { description }));

const THINK_VALUES = '"high", "medium", "low", "max", true, or false';
const LEVELS = ["low", "medium", "high", "max"] as const;

const isThink = (value: boolean | string): value is Think =>
  typeof value === "boolean" || LEVELS.some((level) => level === value);

function decodeThink(value: unknown): Think {
  if (typeof value !== "boolean" && typeof value !== "string") {
    throw badRequest(`think must be a boolean or string (${THINK_VALUES})`);
  }
  if (isThink(value)) return value;
  throw badRequest(`invalid think value: ${JSON.stringify(value)} (must be ${THINK_VALUES})`);
}

export const think = Type.Optional(
  decodedBy(
    Type.Union(
      [
        Type.Boolean(),
        Type.Literal("low"),
        Type.Literal("medium"),
        Type.Literal("high"),
        Type.Literal("max"),
      ],
      {
        description:
          "Whether, or how hard, a thinking model thinks before it answers. Default: true for a model that can. A model that cannot refuses anything but false.",
      },
    ),
    decodeThink,
  ),
);

export const image = decodedBy(
  Type.String({ description: "An image as standard base64 with padding; no data URI.", format: "byte" }),
  (value, mismatch) => {
    if (typeof value !== "string") throw mismatch("api.ImageData");
    return checkBase64(value);
  },
);

/** `format` is checked where it is translated, with its own error text. */
const format = documentedAs(
  Type.Unknown(),
  Type.Union([Type.Literal("json"), Type.Literal(""), Type.Object({}, { additionalProperties: true })], {
    description:
      'Keeps the answer to a format: `"json"` for any JSON object, or a JSON Schema. Absent or `""`: any text. A schema that cannot be enforced is refused.',
  }),
);

/** The range is checked where it is translated, before anything else. */
const topLogprobs = Type.Optional(
  documentedAs(
    Type.Integer(),
    Type.Integer({
      minimum: 0,
      maximum: 20,
      description: "With `logprobs`: how many of the likeliest tokens to return for every place. Default 0.",
    }),
  ),
);

/** What generate and chat requests share (spec: api-native §3). */
export const answerFields = {
  model,
  stream: flag(
    "Reply with one JSON object a line as the answer grows. Default true; false: one object at the end.",
  ),
  format: Type.Optional(format),
  think,
  keep_alive: keepAlive,
  options,
  logprobs: flag("Return the log-probability of every token. Default false."),
  top_logprobs: topLogprobs,
  truncate: flag("Shorten a prompt that does not fit the context. Default true; false: it is refused."),
  shift: flag(
    "Drop old tokens when the context is full and go on. Default true; false: the answer ends there.",
  ),
  _debug_render_only: flag("Return the rendered prompt and generate nothing. Default false."),
};
