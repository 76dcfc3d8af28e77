import { type TSchema, Type } from "@sinclair/typebox";
import { AppError } from "../../../lib/errors.ts";
import { type Example, type Examples, type Reply, routeDescriber } from "../../wire/describe-route.ts";
import { OpenAiError } from "../../wire/openai-error.ts";
import { errorBody } from "../render-error.ts";

const failed = new AppError("engine", "the model was unloaded");

/** Describes a route of OpenAI's API, with its error envelope. */
export const describeRoute = routeDescriber(OpenAiError, (message, status) =>
  errorBody(new AppError("bad_request", message, { status })),
);

export const example = (summary: string, value: unknown): Example => ({ summary, value });

/** A reply of one JSON object. */
export const jsonReplyOf = (description: string, schema: TSchema, examples: Examples): Reply => ({
  description,
  content: { "application/json": { schema, examples } },
});

/**
 * A reply of one object, or of server-sent events.
 *
 * @param chunk schema of the data of an event.
 * @param chunks examples of events' data.
 */
export function eventReplyOf(
  whole: { schema: TSchema; examples: Examples },
  chunk: TSchema,
  chunks: Examples,
): Reply {
  const data = Type.Union([chunk, OpenAiError], {
    description:
      "The data of one event, as JSON. An error is the last event, because the status has been sent by then; otherwise the last one is the text `[DONE]`.",
  });
  const error = example("The last event of a stream that failed", errorBody(failed));
  return {
    description:
      "One JSON object, or with `stream` a `text/event-stream` in which each event is `data: ` and JSON, and which ends with `data: [DONE]`. While the model is silent, a comment is sent every 10 seconds.",
    content: {
      "application/json": whole,
      "text/event-stream": { schema: data, examples: { ...chunks, error } },
    },
  };
}
