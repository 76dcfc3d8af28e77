import { type TProperties, type TSchema, Type } from "@sinclair/typebox";
import { decodeKeepAlive } from "../../lib/keep-alive.ts";
import { decodedBy } from "./decode.ts";
import { documentedAs, REQUEST, type RequestKeyword } from "./documented.ts";
import { Options } from "./options-schema.ts";

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
export const number = (description: string) => Type.Optional(Type.Number({ description }));

/** A field that is checked where it is translated, with errors that name it; the document says what is expected. */
export const checked = (documented: TSchema) => Type.Optional(documentedAs(Type.Unknown(), documented));

/** What the document says of an object whose fields are checked elsewhere. */
export const anyObject = (description: string) =>
  Type.Object({}, { additionalProperties: true, description });

/** A field of a dialect's that nothing here can honour; the translation says why. */
export const refused = (description: string) => checked(anyObject(`Refused: ${description}`));

export const model = text(
  "Name of an installed model, `[host/][namespace/]model[:tag]`. Default tag: `latest`.",
);

/** A list in a request, in which null stands for an empty element. */
export const list = <T extends TSchema>(item: T, description: string) =>
  Type.Optional(documentedAs(Type.Array(item), Type.Array(Type.Union([item, Type.Null()]), { description })));

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
