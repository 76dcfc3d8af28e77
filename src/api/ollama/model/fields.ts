import { type TProperties, Type } from "@sinclair/typebox";
import type { Think } from "../../../intent/generate.ts";
import { badRequest } from "../../../lib/errors.ts";
import { decodeKeepAlive } from "../../../lib/keep-alive.ts";
import { checkBase64 } from "../../wire/base64.ts";
import { decodedBy } from "../../wire/decode.ts";

/** A request: unknown fields stay in, so that the reply can warn about them. `title` is the type's name in Go's errors. */
export const request = <T extends TProperties>(title: string, properties: T) =>
  Type.Object(properties, { title, additionalProperties: true });

/** A field of a request. All are optional on the wire: absent and null mean the Go zero value. */
export const text = (description: string) => Type.Optional(Type.String({ description }));
export const flag = (description: string) => Type.Optional(Type.Boolean({ description }));
export const integer = (description: string) => Type.Optional(Type.Integer({ description }));

export const model = text("Model name, `[host/][namespace/]model[:tag]`.");

/** The older name of `model`. */
export const name = Type.Optional(Type.String({ description: "Same as `model`.", deprecated: true }));

export const options = Type.Optional(
  Type.Record(Type.String(), Type.Unknown(), {
    description:
      "Model options such as `temperature`, `num_ctx`, `seed`, `stop`; they override the model's PARAMETERs.",
  }),
);

export const keepAlive = Type.Optional(
  decodedBy(
    Type.Union([Type.Number(), Type.String()], {
      description:
        'How long the model stays loaded: seconds, or a duration such as "10m". Negative: for ever. 0: unload when idle.',
    }),
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
          "Whether, or how hard, a thinking model thinks before it answers. Default: true where it can.",
      },
    ),
    decodeThink,
  ),
);

export const image = decodedBy(
  Type.String({ description: "Standard base64 with padding; no data URI." }),
  (value, mismatch) => {
    if (typeof value !== "string") throw mismatch("api.ImageData");
    return checkBase64(value);
  },
);

/** What generate and chat requests share (spec: api-native §3). */
export const answerFields = {
  model,
  stream: flag("One JSON object a line as the answer grows. Default true."),
  format: Type.Optional(Type.Unknown({ description: '`"json"` for any JSON object, or a JSON Schema.' })),
  think,
  keep_alive: keepAlive,
  options,
  logprobs: flag("Return the log-probability of every token."),
  top_logprobs: integer("That many alternatives for every token, 0 to 20."),
  truncate: flag("Shorten a prompt that does not fit the context. Default true; false refuses it."),
  shift: flag("Drop old tokens when the context is full and go on. Default true."),
  _debug_render_only: flag("Return the rendered prompt and generate nothing."),
};
