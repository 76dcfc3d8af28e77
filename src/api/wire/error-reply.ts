import { Type } from "@sinclair/typebox";

/** The error envelope of everything below `/api` (docs/behaviour: api-native §1.3). */
export const ErrorReply = Type.Object(
  { error: Type.String({ description: "What went wrong, in a sentence for people." }) },
  { title: "Error", description: "A failure. Within a stream it is the last line, under status 200." },
);
