import { describeRoute, example } from "../../wire/describe-native.ts";
import { SEEING_FAILURES } from "../../wire/documented-failures.ts";
import { ChatReply, GenerateReply } from "../model/answer.ts";
import { streamReplyOf } from "./describe.ts";

const frame = { model: "smollm2", created_at: "2026-01-02T03:04:05.678901234Z" };
const metrics = {
  total_duration: 412_000_000,
  load_duration: 3_100_000,
  prompt_eval_count: 31,
  prompt_eval_cached_count: 12,
  prompt_eval_duration: 58_000_000,
  eval_count: 24,
  eval_duration: 342_000_000,
};
const ended = { done: true, done_reason: "stop", ...metrics };
const options = { temperature: 0, num_predict: 32 };
const ageSchema = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name", "age"],
};
const weatherTool = {
  type: "function",
  function: {
    name: "get_weather",
    description: "The weather in a city.",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};

const answer = "The sky is blue because air scatters blue light more than red.";
const context = [1, 4093, 198, 2];
const said = (content: string) => ({ message: { role: "assistant", content } });
const question = [{ role: "user", content: "Why is the sky blue?" }];

/** POST /api/generate (docs/behaviour: api-native §4). */
export const generateDocs = describeRoute({
  operationId: "generate",
  summary: "Complete a prompt",
  description:
    "Answers one prompt, rendered with the model's template unless `raw` is set. Streams unless `stream` is false. An empty prompt only loads the model, or unloads it with `keep_alive` 0. Closing the connection stops the answer.",
  tag: "answer",
  requests: {
    stream: example("A stream", { model: "smollm2", prompt: "Why is the sky blue?", options }),
    whole: example("One object at the end", {
      model: "smollm2",
      prompt: "Why is the sky blue?",
      stream: false,
      options,
    }),
    structured: example("An answer that follows a JSON Schema", {
      model: "smollm2",
      prompt: "Ada is 36 years old. Answer in JSON.",
      stream: false,
      format: ageSchema,
      options,
    }),
    load: example("Load the model and keep it for an hour", { model: "smollm2", keep_alive: "1h" }),
    unload: example("Unload the model", { model: "smollm2", keep_alive: 0 }),
  },
  replies: {
    200: streamReplyOf(
      GenerateReply,
      {
        whole: example("The answer", { ...frame, response: answer, ...ended, context }),
        load: example("The model is loaded", { ...frame, response: "", done: true, done_reason: "load" }),
      },
      {
        piece: example("A line of the answer", { ...frame, response: "The", done: false }),
        last: example("The last line", { ...frame, response: "", ...ended, context }),
      },
    ),
  },
  failures: {
    400: "raw mode does not support template, system, or context",
    404: "model 'smollm3' not found",
    ...SEEING_FAILURES,
  },
});

/** POST /api/chat (docs/behaviour: api-native §5). */
export const chatDocs = describeRoute({
  operationId: "chat",
  summary: "Continue a conversation",
  description:
    "Answers the last message, with all of them in view. Streams unless `stream` is false. Messages that do not fit the context are left out, oldest first, unless `truncate` is false. Without messages it only loads the model, or unloads it with `keep_alive` 0. Closing the connection stops the answer.",
  tag: "answer",
  requests: {
    stream: example("A stream", { model: "smollm2", messages: question, options }),
    whole: example("One object at the end", {
      model: "smollm2",
      messages: [{ role: "system", content: "Answer in one sentence." }, ...question],
      stream: false,
      options,
    }),
    tools: example("A function that the model may call; the model has to be able to", {
      model: "qwen3",
      messages: [{ role: "user", content: "What is the weather in Bern?" }],
      tools: [weatherTool],
      stream: false,
    }),
  },
  replies: {
    200: streamReplyOf(
      ChatReply,
      {
        whole: example("The answer", { ...frame, ...said(answer), ...ended }),
        call: example("A call of a function", {
          ...frame,
          message: {
            role: "assistant",
            content: "",
            tool_calls: [
              {
                id: "call_k3v9x1qa",
                function: { index: 0, name: "get_weather", arguments: { city: "Bern" } },
              },
            ],
          },
          ...ended,
        }),
      },
      {
        piece: example("A line of the answer", { ...frame, ...said("The"), done: false }),
        last: example("The last line", { ...frame, ...said(""), ...ended }),
      },
    ),
  },
  failures: {
    400: "model is required",
    404: "model 'smollm3' not found",
    ...SEEING_FAILURES,
  },
});
