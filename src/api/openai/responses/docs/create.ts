import { SEEING_FAILURES, WRITE_FAILURES } from "../../../wire/documented-failures.ts";
import { describeRoute, example } from "../../docs/describe.ts";
import { ResponseStreamEvent } from "../model/event.ts";
import { ResponseObject } from "../model/response.ts";
import { call, message, response, responseExample } from "./samples.ts";

const model = "smollm2";
const input = "Why is the sky blue?";

const weatherTool = {
  type: "function",
  name: "get_weather",
  description: "The weather in a city.",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const personFormat = {
  type: "json_schema",
  name: "person",
  schema: {
    type: "object",
    properties: { name: { type: "string" }, age: { type: "integer" } },
    required: ["name", "age"],
  },
};

const requests = {
  whole: example("One object", { model, input, max_output_tokens: 32 }),
  stream: example("A stream of events", { model, input, max_output_tokens: 32, stream: true }),
  structured: example("An answer that follows a JSON Schema", {
    model,
    input: "Ada is 36 years old. Answer in JSON.",
    max_output_tokens: 32,
    text: { format: personFormat },
  }),
  items: example("Items, and nothing kept", {
    model,
    instructions: "Be brief.",
    input: [{ role: "user", content: [{ type: "input_text", text: input }] }],
    max_output_tokens: 32,
    store: false,
  }),
  tools: example("A function that the model has to call; the model has to be able to", {
    model: "qwen3",
    input: "What is the weather in Bern?",
    tools: [weatherTool],
    tool_choice: "required",
  }),
};

const place = { item_id: message.id, output_index: 0, content_index: 0 };
const inProgress = response({ status: "in_progress", output: [], usage: null, completed_at: null });

const events = {
  created: example("The first event", { type: "response.created", sequence_number: 0, response: inProgress }),
  delta: example("Text", {
    type: "response.output_text.delta",
    sequence_number: 4,
    ...place,
    delta: "Because",
    logprobs: [],
  }),
  completed: example("The last event", {
    type: "response.completed",
    sequence_number: 12,
    response: responseExample,
  }),
  failed: example("The last event of a response that failed; before it comes an event `error`", {
    type: "response.failed",
    sequence_number: 6,
    response: response({
      status: "failed",
      error: { code: "server_error", message: "the model was unloaded" },
      completed_at: null,
      usage: null,
    }),
  }),
};

/** POST /v1/responses (docs/behaviour: api-openai §7). */
export const createResponseDocs = describeRoute({
  operationId: "createResponse",
  summary: "Respond to a conversation (OpenAI)",
  description:
    "OpenAI's Responses API. Whole responses are kept for 30 days after they were made or last continued, unless `store` is false: `previous_response_id` continues one, with its whole conversation and without its instructions. What failed, or was left by its client, is not kept. A conversation in which a response has been deleted cannot be continued after it. What the request does not set is as the model's PARAMETERs have it. A field that cannot be honoured is refused; one that is unknown is ignored with a `Warning` header. Ollama's `options`, such as `num_ctx`, and `keep_alive` are taken as well. Closing the connection stops the response.",
  tag: "openai",
  requests,
  replies: {
    200: {
      description:
        "One JSON object, or with `stream` a `text/event-stream` in which each event has its type as its name. The last one is `response.completed`, `response.incomplete` or `response.failed`. While the model is silent, a comment is sent every 10 seconds.",
      content: {
        "application/json": {
          schema: ResponseObject,
          examples: {
            whole: example("The response", responseExample),
            call: example("A call of a function", response({ model: "qwen3", output: [call] })),
          },
        },
        "text/event-stream": { schema: ResponseStreamEvent, examples: events },
      },
    },
  },
  failures: {
    400: "one of input and previous_response_id is required",
    404: "model 'smollm3' not found",
    ...WRITE_FAILURES,
    ...SEEING_FAILURES,
  },
});
