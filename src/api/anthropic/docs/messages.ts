import type { TSchema } from "@sinclair/typebox";
import { AppError } from "../../../lib/errors.ts";
import { SEEING_FAILURES } from "../../wire/documented-failures.ts";
import { MessageStreamEvent } from "../model/event.ts";
import { Message } from "../model/reply.ts";
import { errorBody } from "../render-error.ts";
import { wireUsage } from "../usage.ts";
import { describeRoute, example, REQUEST_ID } from "./describe.ts";

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
const said = { type: "text", text: "Because air scatters blue light more than red.", citations: null };
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

const streamed: { schema: TSchema; examples: Record<string, ReturnType<typeof example>> } = {
  schema: MessageStreamEvent,
  examples: {
    first: example("The first event", { type: "message_start", message: message([], null) }),
    start: example("A block begins", {
      type: "content_block_start",
      index: 0,
      content_block: { ...said, text: "" },
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
      errorBody(new AppError("engine", "the model was unloaded"), REQUEST_ID),
    ),
  },
};

/** POST /v1/messages (docs/behaviour: api-openai §9). */
export const messagesDocs = describeRoute({
  operationId: "createMessage",
  summary: "Continue a conversation (Anthropic)",
  description:
    "Anthropic's Messages. Any `x-api-key` and `anthropic-version` are accepted. What the request does not set is as the model's PARAMETERs have it. A field that cannot be honoured is refused; one that is unknown is ignored with a `Warning` header. Ollama's `options`, such as `num_ctx`, and `keep_alive` are taken as well. Every reply has a `request-id` header. Closing the connection stops the answer.",
  tag: "anthropic",
  requests,
  replies: {
    200: {
      description:
        "One JSON object, or with `stream` a `text/event-stream` in which each event is `event: ` and its name, then `data: ` and JSON: `message_start`; for each block `content_block_start`, `content_block_delta` and `content_block_stop`; `message_delta`; `message_stop`. While the model is silent, `ping` is sent every 10 seconds.",
      content: {
        "application/json": {
          schema: Message,
          examples: {
            whole: example("The answer", message([said], "end_turn")),
            call: example("A call of a tool", message([called], "tool_use")),
          },
        },
        "text/event-stream": streamed,
      },
    },
  },
  failures: {
    400: "max_tokens is required and must be positive",
    404: "model 'smollm3' not found",
    ...SEEING_FAILURES,
  },
});
