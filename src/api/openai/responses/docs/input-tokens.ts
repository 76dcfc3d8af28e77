import { SEEING_FAILURES } from "../../../wire/documented-failures.ts";
import { describeRoute, example, jsonReplyOf } from "../../docs/describe.ts";
import { InputTokenCount } from "../model/item.ts";

/** POST /v1/responses/input_tokens. */
export const inputTokensDocs = describeRoute({
  operationId: "countResponseInputTokens",
  summary: "Count the tokens of a prompt (OpenAI)",
  description:
    "How many tokens the prompt of a response would have, what it continues included, by the model's own template and vocabulary. The model is loaded for that.",
  tag: "openai",
  requests: { count: example("A text", { model: "smollm2", input: "Why is the sky blue?" }) },
  replies: {
    200: jsonReplyOf("The count.", InputTokenCount, {
      count: example("The count", { object: "response.input_tokens", input_tokens: 31 }),
    }),
  },
  failures: {
    400: "one of input and previous_response_id is required",
    404: "model 'smollm3' not found",
    ...SEEING_FAILURES,
  },
});
