import { describeRoute, jsonReplyOf } from "../wire/describe-native.ts";
import { UsageReply } from "./usage-model.ts";

export const usageDocs = describeRoute({
  operationId: "usage",
  summary: "Usage over time",
  description:
    "How many requests there were, their tokens, those that came from the cache, and how long they took, by hour or day and if asked by model, API key, dialect and kind of work. It is kept for `OLLAMA_USAGE_DAYS`. Requests under way count when they have ended; those that named no installed model do not count.",
  tag: "models",
  replies: {
    200: jsonReplyOf("The sums.", UsageReply, {
      models: {
        summary: "By model",
        value: {
          from: "2026-11-29T00:00:00.000Z",
          to: "2026-11-30T00:00:00.000Z",
          bucket: "hour",
          usage: [
            {
              start: "2026-11-29T08:00:00.000Z",
              model: "smollm2:latest",
              requests: 12,
              errors: 1,
              prompt_tokens: 3480,
              cached_tokens: 2610,
              output_tokens: 905,
              first_tokens: 11,
              first_token_ms: 1320,
              first_token_max_ms: 540,
              duration_ms: 18_200,
            },
          ],
        },
      },
    }),
  },
  failures: { 400: 'bucket must be "hour" or "day"' },
});
