import { AppError } from "../../lib/errors.ts";
import { type ExampleBook, example } from "../wire/examples.ts";
import { REQUEST_ID } from "./describe.ts";
import { anthropicErrorBody } from "./render-error.ts";
import { wireUsage } from "./usage.ts";

const model = "smollm2";
const messages = [{ role: "user", content: "Why is the sky blue?" }];
const weatherTool = {
  name: "get_weather",
  description: "The weather in a city.",
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const ageSchema = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name", "age"],
};
const usage = wireUsage({ promptTokens: 36, cachedTokens: 12, generatedTokens: 14 });

const message = (content: object[], stop_reason: string | null) => ({
  id: "msg_x1r6pb0zq8d3m5k7w2a9c4e6",
  type: "message",
  role: "assistant",
  model,
  content,
  stop_reason,
  stop_sequence: null,
  stop_details: null,
  container: null,
  diagnostics: null,
  usage,
});
const textBlock = { type: "text", text: "Because air scatters blue light more than red.", citations: null };
const called = {
  type: "tool_use",
  id: "toolu_k3v9x1qab2c4d6e8f0g1h3j5",
  name: "get_weather",
  input: { city: "Bern" },
  caller: { type: "direct" },
};

const requests = {
  whole: example("One object", { model, messages, max_tokens: 32 }),
  stream: example("A stream, with a system prompt and a sequence that ends it", {
    model,
    system: "Answer in one sentence.",
    messages,
    max_tokens: 32,
    stop_sequences: ["."],
    stream: true,
  }),
  structured: example("An answer that follows a JSON Schema", {
    model,
    messages: [{ role: "user", content: "Ada is 36 years old. Answer in JSON." }],
    max_tokens: 32,
    output_config: { format: { type: "json_schema", schema: ageSchema } },
  }),
  tools: example("A tool that the model has to call; the model has to be able to", {
    model: "qwen3",
    messages: [{ role: "user", content: "What is the weather in Bern?" }],
    max_tokens: 64,
    tools: [weatherTool],
    tool_choice: { type: "tool", name: "get_weather" },
  }),
};

const events = {
  first: example("The first event", { type: "message_start", message: message([], null) }),
  start: example("A block begins", {
    type: "content_block_start",
    index: 0,
    content_block: { ...textBlock, text: "" },
  }),
  delta: example("It grows", {
    type: "content_block_delta",
    index: 0,
    delta: { type: "text_delta", text: "Because" },
  }),
  stop: example("It is whole", { type: "content_block_stop", index: 0 }),
  end: example("Why the answer ended", {
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null, stop_details: null, container: null },
    usage,
  }),
  error: example(
    "The last event of a stream that failed",
    anthropicErrorBody(new AppError("engine", "the model was unloaded"), REQUEST_ID),
  ),
};

/** Examples of Anthropic's API. */
export const anthropicExamples: ExampleBook = {
  createMessage: {
    requests,
    replies: {
      "200 application/json": {
        whole: example("The answer", message([textBlock], "end_turn")),
        call: example("A call of a tool", message([called], "tool_use")),
      },
      "200 text/event-stream": events,
    },
  },
  countMessageTokens: {
    requests: {
      count: example("A question", {
        model,
        messages,
      }),
    },
    replies: {
      "200 application/json": { count: example("The count", { input_tokens: 36 }) },
    },
  },
};
