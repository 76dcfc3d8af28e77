import { describeRoute, example, jsonReplyOf } from "../../wire/describe-native.ts";
import { SEEING_FAILURES } from "../../wire/documented-failures.ts";
import { EmbeddingsReply, EmbedReply } from "../model/embed.ts";

const missing = 'model "smollm3" not found, try pulling it first';

/** POST /api/embed (docs/behaviour: api-native §6). */
export const embedDocs = describeRoute({
  operationId: "embed",
  summary: "Embed texts and images",
  description:
    "One vector of length 1 for every input, in order. If one input cannot be embedded, the whole request fails. Without input and images the model is only loaded.",
  tag: "embed",
  requests: {
    several: example("Several texts", {
      model: "smollm2",
      input: ["Why is the sky blue?", "Why is grass green?"],
    }),
    one: example("One text, in a shorter vector", {
      model: "smollm2",
      input: "Why is the sky blue?",
      dimensions: 16,
    }),
  },
  replies: {
    200: jsonReplyOf("The vectors.", EmbedReply, {
      several: example("Vectors of two texts", {
        model: "smollm2",
        embeddings: [
          [0.6, -0.8],
          [0.28, 0.96],
        ],
        total_duration: 14_143_917,
        load_duration: 1_019_500,
        prompt_eval_count: 12,
      }),
    }),
  },
  failures: { 400: "the input length exceeds the context length", 404: missing, ...SEEING_FAILURES },
});

/** POST /api/embeddings (docs/behaviour: api-native §7). */
export const embeddingsDocs = describeRoute({
  operationId: "embedText",
  summary: "Embed one text (older form)",
  description:
    "The model's vector as it is: not scaled, and the text is never cut to fit. `/api/embed` does more.",
  tag: "embed",
  deprecated: true,
  requests: {
    text: example("A text", { model: "smollm2", prompt: "Why is the sky blue?" }),
  },
  replies: {
    200: jsonReplyOf("The vector.", EmbeddingsReply, {
      vector: example("A vector", { embedding: [1.25, -0.5, 3.75] }),
    }),
  },
  failures: { 400: "model is required", 404: missing, ...SEEING_FAILURES },
});
