import { type TSchema, Type } from "@sinclair/typebox";
import { example } from "../../wire/describe-native.ts";
import type { Examples, Reply } from "../../wire/describe-route.ts";
import { ErrorReply } from "../model/error.ts";

/**
 * A reply of one object, or of one object a line.
 *
 * @param lines examples of single lines.
 */
export function streamReplyOf(schema: TSchema, examples: Examples, lines: Examples): Reply {
  const line = Type.Union([schema, ErrorReply], {
    description:
      "One line of the stream. An error is the last line, because the status has been sent by then.",
  });
  const failed = example("The last line of a stream that failed", {
    error: "the model was unloaded",
  });
  return {
    description:
      "With `stream` false, or when nothing is generated: one JSON object. Otherwise a stream, `application/x-ndjson`, in which each line is one JSON object, sent when it is ready.",
    content: {
      "application/json": { schema, examples },
      "application/x-ndjson": { schema: line, examples: { ...lines, failed } },
    },
  };
}
