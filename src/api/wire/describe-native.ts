import { type TSchema, Type } from "@sinclair/typebox";
import { type Reply, routeDescriber } from "./describe-route.ts";

/** The error envelope of everything below `/api` (docs/behaviour: api-native §1.3). */
const ErrorReply = Type.Object(
  { error: Type.String({ description: "What went wrong, in a sentence for people." }) },
  { title: "Error", description: "A failure. Within a stream it is the last line, under status 200." },
);

/** Describes a route with the error envelope of everything below `/api`. */
export const describeNativeRoute = routeDescriber(ErrorReply, (message) => ({ error: message }));

/** One line of a stream, which may be an error. @param schema one object, or alternatives. */
const lineOf = (schema: TSchema): TSchema =>
  Type.Union([...(schema.anyOf ?? [schema]), ErrorReply], {
    description:
      "One line of the stream. An error is the last line, because the status has been sent by then.",
  });

const inBothForms = (description: string, schema: TSchema): Reply => ({
  description,
  content: { "application/json": schema, "application/x-ndjson": lineOf(schema) },
});

/** An answer: a stream of lines, or one object. */
export const objectOrLines = (schema: TSchema): Reply =>
  inBothForms(
    "With `stream` false, or when nothing is generated: one JSON object. Otherwise a stream, `application/x-ndjson`, in which each line is one JSON object, sent when it is ready.",
    schema,
  );

/** The progress of long work: a stream of lines, or the last of them. */
export const progressLines = (schema: TSchema): Reply =>
  inBothForms(
    "A stream, `application/x-ndjson`: each line is one JSON object. With `stream` false the last line alone.",
    schema,
  );
