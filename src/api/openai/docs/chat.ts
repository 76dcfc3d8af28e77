import { SEEING_FAILURES } from "../../wire/documented-failures.ts";
import { ChatCompletion, ChatCompletionChunk } from "../model/reply.ts";
import { describeRoute, eventReplyOf, example } from "./describe.ts";

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

/** POST /v1/chat/completions (docs/behaviour: api-openai §3). */
export const chatCompletionsDocs = describeRoute({
  operationId: "createChatCompletion",
  summary: "Continue a conversation (OpenAI)",
  description:
    "OpenAI's chat completions. What the request does not set is as the model's PARAMETERs have it. A field that cannot be honoured is refused; one that is unknown is ignored with a `Warning` header. Ollama's `options`, such as `num_ctx`, and `keep_alive` are taken as well. Closing the connection stops the answer.",
  tag: "openai",
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
    200: eventReplyOf(
      {
        schema: ChatCompletion,
        examples: {
          whole: example(
            "The answer",
            whole({ content: "Because air scatters blue light more than red." }, "stop"),
          ),
          call: example("A call of a function", whole({ tool_calls: [call] }, "tool_calls")),
        },
      },
      ChatCompletionChunk,
      {
        first: example("The first event", chunk({ role: "assistant", content: "Because" }, null)),
        last: example("The last one of the answer", chunk({}, "stop")),
        usage: example("The token counts", {
          ...head,
          object: "chat.completion.chunk",
          choices: [],
          usage,
        }),
      },
    ),
  },
  failures: { 400: "[] is too short - 'messages'", 404: "model 'smollm3' not found", ...SEEING_FAILURES },
});
