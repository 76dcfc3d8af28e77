import { type TProperties, type TSchema, Type } from "@sinclair/typebox";
import type { Think } from "../../../intent/generate.ts";
import { badRequest } from "../../../lib/errors.ts";
import { decodeKeepAlive } from "../../../lib/keep-alive.ts";
import { checkBase64 } from "../../wire/base64.ts";
import { decodedBy } from "../../wire/decode.ts";
import { documentedAs, REQUEST, type RequestKeyword } from "../../wire/documented.ts";
import { Options } from "./options.ts";

/**
 * A request: unknown fields stay in, so that the reply can warn about them.
 *
 * @param title the type's name in Go's errors, and in the OpenAPI document.
 * @param required fields that the document calls required; the decoder asks for none.
 */
export function request<T extends TProperties>(
  title: string,
  description: string,
  properties: T,
  required: (keyof T & string)[] = [],
) {
  const keyword: RequestKeyword = { required };
  return Type.Object(properties, { title, description, additionalProperties: true, [REQUEST]: keyword });
}

/** A field of a request. All are optional on the wire: absent and null mean the Go zero value. */
export const text = (description: string) => Type.Optional(Type.String({ description }));
export const flag = (description: string) => Type.Optional(Type.Boolean({ description }));
export const integer = (description: string) => Type.Optional(Type.Integer({ description }));

export const model = text(
  "Name of an installed model, `[host/][namespace/]model[:tag]`. Default tag: `latest`.",
);

/** The older name of `model`. */
export const name = Type.Optional(Type.String({ description: "Same as `model`.", deprecated: true }));

/** A list in a request, in which null stands for an empty element. */
export const list = <T extends TSchema>(item: T, description: string) =>
  Type.Optional(documentedAs(Type.Array(item), Type.Array(Type.Union([item, Type.Null()]), { description })));

/** Texts by name, as `files` of a create request has them. */
export const textMap = (description: string) =>
  Type.Optional(Type.Record(Type.String(), Type.String({ description: "Digest." }), { description }));

export const options = Type.Optional(documentedAs(Type.Record(Type.String(), Type.Unknown()), Options));

/** Go's durations; what else it refuses, such as a number too large, has no pattern. */
const DURATION = "^[+-]?(0|(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$";

export const keepAlive = Type.Optional(
  decodedBy(
    documentedAs(
      Type.Union([Type.Number(), Type.String()]),
      Type.Union([Type.Number(), Type.String({ pattern: DURATION })], {
        description:
          'How long the model stays loaded after the request: seconds, or a duration such as "10m". Negative: for ever. 0: it is unloaded once idle. Default: `OLLAMA_KEEP_ALIVE`, which is 5 minutes unless set.',
      }),
    ),
    (value) => {
      decodeKeepAlive(value);
      return value;
    },
  ),
);

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
