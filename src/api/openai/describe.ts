import { type TSchema, Type } from "@sinclair/typebox";
import { AppError } from "../../lib/errors.ts";
import { type Reply, routeDescriber } from "../wire/describe-route.ts";
import { OpenAiError } from "../wire/openai-error.ts";
import { openaiErrorBody } from "./render-error.ts";

/** Describes a route of OpenAI's API, with its error envelope. */
export const describeOpenaiRoute = routeDescriber(OpenAiError, (message, status) =>
  openaiErrorBody(new AppError("bad_request", message, { status })),
);

/**
 * A reply of one object, or of server-sent events.
 *
 * @param chunk schema of the data of an event.
 */
export const objectOrEvents = (whole: TSchema, chunk: TSchema): Reply => ({
  description:
    "One JSON object, or with `stream` a `text/event-stream` in which each event is `data: ` and JSON, and which ends with `data: [DONE]`. While the model is silent, a comment is sent every 10 seconds.",
  content: {
    "application/json": whole,
    "text/event-stream": Type.Union([chunk, OpenAiError], {
      description:
        "The data of one event, as JSON. An error is the last event, because the status has been sent by then; otherwise the last one is the text `[DONE]`.",
    }),
  },
});
