import { type ExampleBook, example } from "../../wire/examples.ts";

const id = "resp_x1r6pb0zq8d3m5k7w2a9c4e6";

const message = {
  id: "msg_k3v9x1qa7d2m5p8w4c6e0b1z",
  type: "message",
  status: "completed",
  role: "assistant",
  content: [
    { type: "output_text", text: "Because air scatters blue light more.", annotations: [], logprobs: [] },
  ],
};

const call = {
  id: "fc_p8w4c6e0b1zk3v9x1qa7d2m5",
  type: "function_call",
  status: "completed",
  call_id: "call_k3v9x1qa",
  name: "get_weather",
  arguments: '{"city":"Bern"}',
};

const response = (fields: object) => ({
  id,
  object: "response",
  created_at: 1_767_323_045,
  completed_at: 1_767_323_046,
  status: "completed",
  incomplete_details: null,
  error: null,
  model: "smollm2",
  output: [message],
  usage: {
    input_tokens: 31,
    input_tokens_details: { cached_tokens: 12 },
    output_tokens: 14,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 45,
  },
  previous_response_id: null,
  instructions: null,
  tools: [],
  tool_choice: "auto",
  parallel_tool_calls: true,
  temperature: null,
  top_p: null,
  top_logprobs: 0,
  max_output_tokens: 32,
  max_tool_calls: null,
  reasoning: { effort: null, summary: null },
  text: { format: { type: "text" }, verbosity: "medium" },
  truncation: "disabled",
  store: true,
  background: false,
  service_tier: "default",
  metadata: {},
  user: null,
  safety_identifier: null,
  prompt_cache_key: null,
  ...fields,
});

const whole = response({});

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
    response: whole,
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

/** Examples of OpenAI's Responses API. */
export const responsesExamples: ExampleBook = {
  createResponse: {
    requests,
    replies: {
      "200 application/json": {
        whole: example("The response", whole),
        call: example("A call of a function", response({ model: "qwen3", output: [call] })),
      },
      "200 text/event-stream": events,
    },
  },
  countResponseInputTokens: {
    requests: { count: example("A text", { model: "smollm2", input: "Why is the sky blue?" }) },
    replies: {
      "200 application/json": {
        count: example("The count", { object: "response.input_tokens", input_tokens: 31 }),
      },
    },
  },
  retrieveResponse: {
    replies: {
      "200 application/json": { whole: example("The response", whole) },
      "200 text/event-stream": {
        completed: example("The last event", {
          type: "response.completed",
          sequence_number: 8,
          response: whole,
        }),
      },
    },
  },
  deleteResponse: {
    replies: {
      "200 application/json": {
        gone: example("It is gone", { id: whole.id, object: "response", deleted: true }),
      },
    },
  },
  listResponseInputItems: {
    replies: {
      "200 application/json": {
        one: example("One item", {
          object: "list",
          data: [
            {
              id: "msg_w4c6e0b1zk3v9x1qa7d2m5p8",
              type: "message",
              status: "completed",
              role: "user",
              content: [{ type: "input_text", text: "Why is the sky blue?" }],
            },
          ],
          first_id: "msg_w4c6e0b1zk3v9x1qa7d2m5p8",
          last_id: "msg_w4c6e0b1zk3v9x1qa7d2m5p8",
          has_more: false,
        }),
      },
    },
  },
  cancelResponse: {
    replies: {
      "200 application/json": {
        whole: example("A response", whole),
      },
    },
  },
};
