import { SEEING_FAILURES } from "../../wire/documented-failures.ts";
import { CreateEmbeddingReply } from "../model/embedding.ts";
import { describeRoute, example, jsonReplyOf } from "./describe.ts";

const model = "all-minilm";
const list = (embedding: number[] | string) => ({
  object: "list",
  data: [{ object: "embedding", index: 0, embedding }],
  model,
  usage: { prompt_tokens: 8, total_tokens: 8 },
});

/** POST /v1/embeddings (docs/behaviour: api-openai §5). */
export const embeddingsDocs = describeRoute({
  operationId: "createEmbedding",
  summary: "Embed texts and images (OpenAI)",
  description:
    "One vector of length 1 for every input, in order. If one input cannot be embedded, the whole request fails.",
  tag: "openai",
  requests: {
    several: example("Several texts", { model, input: ["Why is the sky blue?", "Why is grass green?"] }),
    base64: example("A shorter vector as base64", {
      model,
      input: "Why is the sky blue?",
      dimensions: 2,
      encoding_format: "base64",
    }),
  },
  replies: {
    200: jsonReplyOf("The vectors.", CreateEmbeddingReply, {
      float: example("Numbers", list([0.6, -0.8])),
      base64: example("The same in base64", list("mpkZP83MTL8=")),
    }),
  },
  failures: {
    400: "invalid input",
    404: 'model "smollm3" not found, try pulling it first',
    ...SEEING_FAILURES,
  },
});
