import { AppError } from "../../lib/errors.ts";
import { type ExampleBook, example } from "../wire/examples.ts";
import { decisionsExamples } from "./decisions/examples.ts";
import { openaiErrorBody } from "./render-error.ts";
import { responsesExamples } from "./responses/examples.ts";

const model = "smollm2";
const messages = [{ role: "user", content: "Why is the sky blue?" }];
const head = {
  id: "chatcmpl-x1r6pb0zq8d3m5k7w2a9c4e6",
  created: 1_767_323_045,
  model,
  system_fingerprint: "fp_ollama",
};
const usage = {
  prompt_tokens: 31,
  completion_tokens: 14,
  total_tokens: 45,
  prompt_tokens_details: { cached_tokens: 12 },
  completion_tokens_details: { reasoning_tokens: 0 },
};
const weatherTool = {
  type: "function",
  function: {
    name: "get_weather",
    description: "The weather in a city.",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
const ageSchema = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name", "age"],
};
const call = {
  index: 0,
  id: "call_k3v9x1qa",
  type: "function",
  function: { name: "get_weather", arguments: '{"city":"Bern"}' },
};

const whole = (message: object, finish_reason: string) => ({
  ...head,
  object: "chat.completion",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "", refusal: null, ...message },
      logprobs: null,
      finish_reason,
    },
  ],
  usage,
});

const chunk = (delta: object, finish_reason: string | null) => ({
  ...head,
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta, logprobs: null, finish_reason }],
});

const completion = {
  id: "cmpl-x1r6pb0zq8d3m5k7w2a9c4e6",
  object: "text_completion",
  created: 1_767_323_045,
  model,
  system_fingerprint: "fp_ollama",
};
const completionUsage = {
  prompt_tokens: 31,
  completion_tokens: 2,
  total_tokens: 33,
  prompt_tokens_details: { cached_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0 },
};
const piece = (text: string, finish_reason: string | null, logprobs: object | null = null) => ({
  ...completion,
  choices: [{ index: 0, text, logprobs, finish_reason }],
});
const logprobs = {
  tokens: ["Pa", "ris"],
  token_logprobs: [-0.11, -0.02],
  top_logprobs: [{ Pa: -0.11 }, { ris: -0.02 }],
  text_offset: [0, 2],
};

const embedder = "all-minilm";
const vectors = (embedding: number[] | string) => ({
  object: "list",
  data: [{ object: "embedding", index: 0, embedding }],
  model: embedder,
  usage: { prompt_tokens: 8, total_tokens: 8 },
});

const smollm2 = { id: "smollm2:latest", object: "model", created: 1_767_323_045, owned_by: "library" };

const reranker = "bge-reranker";
const documents = ["Grass is green.", "Air scatters blue light more than red."];
const place = { index: 1, relevance_score: 0.93 };
const bestOfTwo = {
  best: example("The best of two", {
    model: reranker,
    query: "Why is the sky blue?",
    documents,
    top_n: 1,
    return_documents: true,
  }),
};

const failed = example(
  "The last event of a stream that failed",
  openaiErrorBody(new AppError("engine", "the model was unloaded")),
);

/** Examples of OpenAI's API; those of its folders are in theirs. */
export const openaiExamples: ExampleBook = {
  ...responsesExamples,
  ...decisionsExamples,
  createChatCompletion: {
    requests: {
      whole: example("One object", { model, messages, max_tokens: 32 }),
      stream: example("A stream with token counts", {
        model,
        messages,
        max_tokens: 32,
        stream: true,
        stream_options: { include_usage: true },
      }),
      structured: example("An answer that follows a JSON Schema", {
        model,
        messages: [{ role: "user", content: "Ada is 36 years old. Answer in JSON." }],
        max_tokens: 32,
        response_format: { type: "json_schema", json_schema: { name: "person", schema: ageSchema } },
      }),
      tools: example("A function that the model has to call; the model has to be able to", {
        model: "qwen3",
        messages: [{ role: "user", content: "What is the weather in Bern?" }],
        tools: [weatherTool],
        tool_choice: "required",
      }),
    },
    replies: {
      "200 application/json": {
        whole: example(
          "The answer",
          whole({ content: "Because air scatters blue light more than red." }, "stop"),
        ),
        call: example("A call of a function", whole({ tool_calls: [call] }, "tool_calls")),
      },
      "200 text/event-stream": {
        first: example("The first event", chunk({ role: "assistant", content: "Because" }, null)),
        last: example("The last one of the answer", chunk({}, "stop")),
        usage: example("The token counts", {
          ...head,
          object: "chat.completion.chunk",
          choices: [],
          usage,
        }),
        failed,
      },
    },
  },
  createCompletion: {
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
      "200 application/json": {
        whole: example("The answer", { ...piece("Paris", "stop", logprobs), usage: completionUsage }),
      },
      "200 text/event-stream": {
        piece: example("An event", piece("Paris", null)),
        last: example("The last one of the answer", piece("", "stop")),
        failed,
      },
    },
  },
  createEmbedding: {
    requests: {
      several: example("Several texts", {
        model: embedder,
        input: ["Why is the sky blue?", "Why is grass green?"],
      }),
      base64: example("A shorter vector as base64", {
        model: embedder,
        input: "Why is the sky blue?",
        dimensions: 2,
        encoding_format: "base64",
      }),
    },
    replies: {
      "200 application/json": {
        float: example("Numbers", vectors([0.6, -0.8])),
        base64: example("The same in base64", vectors("mpkZP83MTL8=")),
      },
    },
  },
  listOpenAiModels: {
    replies: {
      "200 application/json": {
        one: example("One model", { object: "list", data: [smollm2] }),
      },
    },
  },
  retrieveModel: {
    replies: {
      "200 application/json": { model: example("The model", { ...smollm2, id: "smollm2" }) },
    },
  },
  rerank: {
    requests: bestOfTwo,
    replies: {
      "200 application/json": {
        best: example("The best one", {
          model: reranker,
          results: [{ ...place, document: documents[1] }],
          total_duration: 14_143_917,
          load_duration: 1_019_500,
          prompt_eval_count: 31,
        }),
      },
    },
  },
  createRerank: {
    requests: bestOfTwo,
    replies: {
      "200 application/json": {
        best: example("The best one", {
          id: "rerank-4k2v0c9x1qzp7m3n8b5t6w1y",
          object: "list",
          model: reranker,
          results: [{ ...place, document: { text: documents[1] } }],
          usage: { prompt_tokens: 31, total_tokens: 31 },
        }),
      },
    },
  },
  createTranscription: {
    requests: { form: example("A recording", { file: "speech.wav", model: "gemma3n" }) },
    replies: {
      "200 application/json": { whole: example("A transcript", { text: "The sky is blue." }) },
      "200 text/plain": { text: example("A transcript", "The sky is blue.\n") },
    },
  },
};
