import { type Static, type TLiteral, type TProperties, type TSchema, Type } from "@sinclair/typebox";
import { AppError } from "../../lib/errors.ts";
import { decodeKeepAlive } from "../../lib/keep-alive.ts";
import { NULL_ELEMENTS, REQUEST, type RequestKeyword } from "./documented.ts";
import { Options } from "./options-schema.ts";
import { indexed, type Refusal, refusing } from "./refusal.ts";

/**
 * A request: unknown fields stay in, so that the reply can warn about them.
 *
 * @param title the type's name in Go's errors, and in the OpenAPI document.
 * @param required fields that the document calls required; their absence has error texts of its own, so no schema asks for them.
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
export const number = (description: string) => Type.Optional(Type.Number({ description }));

/** A list in a request, in which null stands for an empty element. */
export const list = <T extends TSchema>(item: T, description: string) =>
  Type.Optional(Type.Array(item, { description, [NULL_ELEMENTS]: true }));

/** A value that may be null as well, where null is not the same as absent. */
export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Values by names of the client's own. The type is written out, since Elysia would infer `{}` for an optional record. */
export const record = <T extends TSchema>(value: T, description: string) =>
  Type.Unsafe<Record<string, Static<T>>>(Type.Record(Type.String(), value, { description }));

/** Any JSON value: the one schema of what a client may write freely. */
export const JSON_VALUE = Type.Unknown({ description: "Any JSON." });

/** Any JSON object, such as a JSON Schema. */
export const jsonObject = (description: string) => record(JSON_VALUE, description);

/**
 * A field of a dialect's that nothing here can honour.
 *
 * @param why ends the sentence of the refusal; Markdown is for the document.
 */
export const unsupported = (why: string, refusal?: Refusal) =>
  Type.Optional(
    refusing(
      Type.Never({ description: `Refused: ${why}.` }),
      refusal ?? ((_, path) => `${indexed(path)} is not supported: ${why.replaceAll("`", "")}`),
    ),
  );

type Literals<W extends readonly string[]> = { -readonly [At in keyof W]: TLiteral<W[At]> };

/** A constant each, as alternatives of a union. */
export const literals = <const W extends readonly string[]>(...values: W): Literals<W> =>
  values.map((value) => Type.Literal(value)) as Literals<W>;

/** One of several words; its type lists them, for the typed client. */
export const oneOf = <const W extends readonly string[]>(values: W, description: string) =>
  Type.Union(literals(...values), { description });

export const model = text(
  "Name of an installed model, `[host/][namespace/]model[:tag]`. Default tag: `latest`.",
);

/** The field `stream` of requests whose reply is progress. */
export const progressStream = flag(
  "Reply with progress as one JSON object a line. Default true; false: the last line alone.",
);

export const options = Type.Optional(Options);

/** Go's durations. Go refuses more than this pattern does, such as numbers that are too large. */
const DURATION = "^[+-]?(0|(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$";

export const keepAlive = Type.Optional(
  refusing(
    Type.Union([Type.Number(), Type.String({ pattern: DURATION })], {
      description:
        'How long the model stays loaded after the request: seconds, or a duration such as "10m". Negative: for ever. 0: it is unloaded once idle. Default: `OLLAMA_KEEP_ALIVE`, which is 5 minutes unless set.',
    }),
    refusalBy(decodeKeepAlive),
  ),
);

/** Makes a refusal of a decoder that throws. */
function refusalBy(decode: (value: unknown) => unknown) {
  return (value: unknown): AppError | undefined => {
    try {
      decode(value);
    } catch (error) {
      return AppError.from(error);
    }
    return undefined;
  };
}

const THINK_VALUES = '"high", "medium", "low", "max", true, or false';

/** Whether, or how hard, a thinking model thinks. */
export const think = (description: string) =>
  Type.Optional(
    refusing(
      Type.Union([Type.Boolean(), ...literals("low", "medium", "high", "max")], { description }),
      (value) =>
        typeof value === "string"
          ? `invalid think value: ${JSON.stringify(value)} (must be ${THINK_VALUES})`
          : `think must be a boolean or string (${THINK_VALUES})`,
    ),
  );
