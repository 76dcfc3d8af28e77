import { describe, expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";
import { ask, user } from "../support/openai-chat-fixture.ts";

describe("refused in OpenAI's envelope", () => {
  const efforts = '"minimal", "low", "medium", "high", "xhigh", "ultra", "max", or "none"';
  test.each([
    [{ messages: [] }, "messages", "[] is too short - 'messages'"],
    [{ messages: [user(null)] }, "messages[0].content", "invalid message content type: <nil>"],
    [{ messages: [user(5)] }, "messages[0].content", "invalid message content type: float64"],
    [{ messages: [user([{ type: "video" }])] }, "messages[0].content", "invalid message format"],
    [
      { messages: [user([{ type: "image_url", image_url: { url: "https://x/y.png" } }])] },
      null,
      "image URLs are not currently supported, please use base64 encoded data instead",
    ],
    [
      { messages: [user([{ type: "image_url", image_url: "data:text/plain;base64,aGk=" }])] },
      "messages[0].content",
      "invalid image input",
    ],
    [
      { messages: [{ role: "assistant", tool_calls: [{ function: { name: "f", arguments: "[]" } }] }] },
      "messages[0].tool_calls[0].function.arguments",
      "invalid tool call arguments",
    ],
    [
      { reasoning_effort: "huge" },
      "reasoning_effort",
      `invalid reasoning value: "huge" (must be ${efforts})`,
    ],
    [{ top_logprobs: 21, logprobs: true }, "top_logprobs", "top_logprobs must be between 0 and 20"],
    [{ top_logprobs: 2 }, "top_logprobs", "top_logprobs needs logprobs to be true"],
    [{ n: 0 }, "n", "n must be an integer between 1 and 128"],
    [{ max_tokens: 0 }, "max_tokens", "max_tokens must be at least 1"],
    [{ stop: [1] }, "stop", "stop must be a string or an array of strings"],
    [{ functions: [] }, "functions", "functions is not supported: use tools"],
    [{ modalities: ["text", "audio"] }, "modalities", "modalities other than text are not supported"],
    [{ logit_bias: { a: 1 } }, "logit_bias", "logit_bias must map token ids to numbers between -100 and 100"],
    [
      { response_format: { type: "xml" } },
      "response_format",
      'response_format type must be "text", "json_object" or "json_schema", not "xml"',
    ],
    [{ stream: "yes" }, null, expect.stringContaining("of type bool")],
  ])("%j", async (body, param, message) => {
    const reply = await ask(body);
    expect<unknown>([reply.status, await reply.json()]).toEqual([
      400,
      { error: { message, type: "invalid_request_error", param, code: null } },
    ]);
  });

  test.each([
    [{ model: "nope" }, 404, "not_found_error", "model 'nope' not found"],
    [{ model: "nope", stream: true }, 404, "not_found_error", "model 'nope' not found"],
    [
      { model: "x:cloud" },
      403,
      "api_error",
      'ollama cloud is disabled: remote model is unavailable ("x:cloud" is a cloud model: it runs on ollama.com only)',
    ],
  ])("%j", async (body, status, type, message) => {
    const reply = await ask(body);
    expect([reply.status, await reply.json()]).toEqual([
      status,
      { error: { message, type, param: null, code: null } },
    ]);
  });

  test.each([
    ["", "EOF"],
    ["{", "unexpected EOF"],
  ])("the body %j", async (body, message) => {
    const reply = await fakeApp().send("POST", "/v1/chat/completions", body);
    expect<unknown>([reply.status, await reply.json()]).toMatchObject([400, { error: { message } }]);
  });
});
