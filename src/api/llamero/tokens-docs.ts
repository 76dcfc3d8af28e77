import { describeRoute, jsonReplyOf } from "../wire/describe-native.ts";
import { ENGINE_FAILURES } from "../wire/documented-failures.ts";
import { DetokenizeReply, TokenizeReply } from "./tokens-model.ts";

const model = "smollm2";
const durations = { total_duration: 1_143_917, load_duration: 19_500 };

const FAILURES = { 404: 'model "smollm3" not found, try pulling it first', ...ENGINE_FAILURES };

export const tokenizeDocs = describeRoute({
  operationId: "tokenize",
  summary: "Make a text tokens",
  description:
    "By the model's own vocabulary. The model is loaded if need be; a loaded one replies while it answers others, and keeps its load options.",
  tag: "tokens",
  requests: {
    text: { summary: "A text", value: { model, text: "Why is the sky blue?" } },
    pieces: { summary: "With the text of each token", value: { model, text: "sky blue", with_pieces: true } },
  },
  replies: {
    200: jsonReplyOf("The tokens.", TokenizeReply, {
      text: { summary: "Tokens", value: { model, tokens: [4898, 314, 260, 6376, 4461, 47], ...durations } },
      pieces: {
        summary: "Tokens and what they stand for",
        value: {
          model,
          tokens: [
            { id: 16726, piece: "sky" },
            { id: 4461, piece: " blue" },
          ],
          ...durations,
        },
      },
    }),
  },
  failures: { 400: "text is required", ...FAILURES },
});

export const detokenizeDocs = describeRoute({
  operationId: "detokenize",
  summary: "Make tokens a text",
  description:
    "By the model's own vocabulary. Of a vocabulary that keeps every character, such as those of GPT-2, Llama and Qwen, the text is the one that the tokens were made of; BERT's drops capitals and accents.",
  tag: "tokens",
  requests: { tokens: { summary: "Tokens", value: { model, tokens: [34, 32, 34, 38] } } },
  replies: {
    200: jsonReplyOf("The text.", DetokenizeReply, {
      text: { summary: "A text", value: { model, text: "2026", ...durations } },
    }),
  },
  failures: { 400: "tokens contains 99999, which is no token of this model", ...FAILURES },
});
