import { ENGINE_FAILURES } from "../../wire/documented-failures.ts";
import { Completion } from "../model/reply.ts";
import { describeRoute, eventReplyOf, example } from "./describe.ts";

const model = "smollm2";
const head = {
  id: "cmpl-x1r6pb0zq8d3m5k7w2a9c4e6",
  object: "text_completion",
  created: 1_767_323_045,
  model,
  system_fingerprint: "fp_ollama",
};
const usage = {
  prompt_tokens: 31,
  completion_tokens: 2,
  total_tokens: 33,
  prompt_tokens_details: { cached_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0 },
};
const piece = (text: string, finish_reason: string | null, logprobs: object | null = null) => ({
  ...head,
  choices: [{ index: 0, text, logprobs, finish_reason }],
});
const logprobs = {
  tokens: ["Pa", "ris"],
  token_logprobs: [-0.11, -0.02],
  top_logprobs: [{ Pa: -0.11 }, { ris: -0.02 }],
  text_offset: [0, 2],
};

/** POST /v1/completions (docs/behaviour: api-openai §4). */
export const completionsDocs = describeRoute({
  operationId: "createCompletion",
  summary: "Complete prompts (OpenAI)",
  description:
    "OpenAI's older completions. A prompt that is text is rendered with the model's template, as Ollama does it; one that is tokens goes to the model as it is. Several prompts, and several answers to each, are choices one after the other. The model does not think.",
  tag: "openai",
  requests: {
    whole: example("One object", { model, prompt: "The capital of France is", max_tokens: 8 }),
    several: example("Two prompts, two answers to each, with log-probabilities", {
      model,
      prompt: ["The capital of France is", "The capital of Italy is"],
      n: 2,
      logprobs: 1,
      max_tokens: 8,
    }),
    stream: example("A stream", { model, prompt: "The capital of France is", max_tokens: 8, stream: true }),
  },
  replies: {
    200: eventReplyOf(
      {
        schema: Completion,
        examples: { whole: example("The answer", { ...piece("Paris", "stop", logprobs), usage }) },
      },
      Completion,
      {
        piece: example("An event", piece("Paris", null)),
        last: example("The last one of the answer", piece("", "stop")),
      },
    ),
  },
  failures: {
    400: "prompt must be a string, an array of tokens, or an array of either",
    404: "model 'smollm3' not found",
    ...ENGINE_FAILURES,
  },
});
