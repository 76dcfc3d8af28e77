import { type Static, Type } from "@sinclair/typebox";
import { flag, integer, keepAlive, model, options, request, text } from "./fields.ts";

export const EmbedRequest = request("EmbedRequest", {
  model,
  input: Type.Optional(Type.Unknown({ description: "A text or a list of texts." })),
  truncate: flag("Cut inputs that do not fit the context. Default true; false refuses them."),
  dimensions: integer("Length to cut the vectors to. 0: the model's own."),
  keep_alive: keepAlive,
  options,
});
export type EmbedRequest = Static<typeof EmbedRequest>;

export const EmbedReply = Type.Object({
  model: Type.String(),
  embeddings: Type.Array(Type.Array(Type.Number()), {
    description: "One vector of length 1 an input, in order.",
  }),
  total_duration: Type.Optional(Type.Integer({ description: "Nanoseconds." })),
  load_duration: Type.Optional(Type.Integer({ description: "Nanoseconds." })),
  prompt_eval_count: Type.Optional(Type.Integer()),
});
export type EmbedReply = Static<typeof EmbedReply>;

export const EmbeddingsRequest = request("EmbeddingRequest", {
  model,
  prompt: text("The text."),
  keep_alive: keepAlive,
  options,
});
export type EmbeddingsRequest = Static<typeof EmbeddingsRequest>;

export const EmbeddingsReply = Type.Object({ embedding: Type.Array(Type.Number()) });
