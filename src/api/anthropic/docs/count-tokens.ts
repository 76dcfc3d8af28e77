import { SEEING_FAILURES } from "../../wire/documented-failures.ts";
import { TokensCount } from "../model/reply.ts";
import { describeRoute, example } from "./describe.ts";

/** POST /v1/messages/count_tokens. */
export const countTokensDocs = describeRoute({
  operationId: "countMessageTokens",
  summary: "Measure a conversation (Anthropic)",
  description:
    "The length of the prompt that the same conversation, tools and system prompt make, by the model's own template and vocabulary, whether it fits the context or not. The model is loaded if it is not.",
  tag: "anthropic",
  requests: {
    count: example("A question", {
      model: "smollm2",
      messages: [{ role: "user", content: "Why is the sky blue?" }],
    }),
  },
  replies: {
    200: {
      description: "The count.",
      content: {
        "application/json": {
          schema: TokensCount,
          examples: { count: example("The count", { input_tokens: 36 }) },
        },
      },
    },
  },
  failures: { 400: "messages is required", 404: "model 'smollm3' not found", ...SEEING_FAILURES },
});
