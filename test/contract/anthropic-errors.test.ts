import { describe, expect, test } from "bun:test";
import { ask, assistant, caller, failure, tool, user } from "../support/anthropic.ts";
import { fakeApp } from "../support/fake-app.ts";

const PNG = "iVBORw0KGgo=";

describe("refused", () => {
  const image = (source: unknown) => ({ messages: [user([{ type: "image", source }])] });
  const one = (block: object) => ({ messages: [user([block])] });
  const past = (block: object) => ({ messages: [assistant([block])] });
  const document = (source: object, more: object = {}) => one({ type: "document", source, ...more });
  const result = (content: unknown) => one({ type: "tool_result", tool_use_id: "x", content });
  const choose = (tool_choice: unknown) => ({ tools: [tool("now")], tool_choice });

  test.each([
    [{ model: "" }, "model is required"],
    [{ max_tokens: undefined }, "max_tokens is required and must be positive"],
    [{ max_tokens: -1 }, "max_tokens is required and must be positive"],
    [{ messages: [] }, "messages is required"],
    [
      { stream: "yes" },
      "json: cannot unmarshal string into Go struct field MessagesRequest.stream of type bool",
    ],
    [
      { messages: [{ role: "tool", content: "x" }] },
      'messages.0.role: must be "user", "assistant" or "system"',
    ],
    [{ messages: [user(5)] }, "messages.0.content: must be a string or an array of content blocks"],
    [{ messages: [assistant({})] }, "messages.0.content: must be a string or an array of content blocks"],
    [{ messages: [user(["x"])] }, "messages.0.content.0: a content block must be an object"],
    [one({ text: "x" }), "messages.0.content.0: a content block needs a type"],
    [one({ type: "text" }), "messages.0.content.0.text: must be a string"],
    [one({ type: "video" }), 'messages.0.content.0: blocks of type "video" are not supported'],
    [past({ type: "video_use" }), 'messages.0.content.0: blocks of type "video_use" are not supported'],
    [past({ type: "tool_use", name: "a", input: {} }), "tool_use block missing required 'id' field"],
    [past({ type: "tool_use", id: "a", input: {} }), "tool_use block missing required 'name' field"],
    [past({ type: "tool_use", id: "a", name: "a" }), "messages.0.content.0.input: must be an object"],
    [one({ type: "tool_result" }), "messages.0.content.0.tool_use_id: must be a string"],
    [result(5), "messages.0.content.0.content: must be a string or an array of content blocks"],
    [result([{ type: "image" }]), "invalid tool_result image source"],
    [image(undefined), "invalid image source"],
    [image({ type: "base64" }), "invalid image source"],
    [image({ type: "url", url: "x" }), "invalid image source type: url. Only base64 images are supported."],
    [image({ type: "base64", data: "?" }), "invalid base64 image data: illegal base64 data at input byte 0"],
    [image({ type: "base64", data: PNG }), /does not support vision$/],
    [document({ type: "base64", data: "x" }), /^messages\.0\.content\.0\.source: .* PDF/],
    [document({ type: "text", data: "x" }, { citations: { enabled: true } }), /citations are not supported/],
    [{ system: [{ type: "image" }] }, 'system: blocks of type "image" are not supported'],
    [{ system: 5 }, "system: must be a string or an array of content blocks"],
    [{ stop_sequences: "x" }, "stop_sequences: must be an array of strings"],
    [{ tools: [null] }, "tools.0: must be an object"],
    [{ tools: ["a"] }, "tools.0: must be an object"],
    [{ tools: [{ input_schema: { type: "object" } }] }, "tools.0.name: is required"],
    [{ tools: [{ name: "a" }] }, 'invalid input_schema for tool "a": it must be an object'],
    [
      { tools: [tool("a", { input_schema: {} })] },
      'invalid input_schema for tool "a": its type must be "object"',
    ],
    [
      { tools: [tool("a", { allowed_callers: ["code"] })] },
      /^tools\.0\.allowed_callers: must contain "direct"/,
    ],
    [{ tools: [tool("a", { input_examples: 5 })] }, 'tool "a": input_examples must be an array of objects'],
    [{ tools: [tool("a"), tool("a")] }, 'tools: two tools are called "a"'],
    [choose("any"), "tool_choice: must be an object"],
    [choose({ type: "tool" }), /^tool_choice\.type: must be/],
    [choose({ type: "tool", name: "x" }), 'tool_choice names "x", which is not among the tools'],
    [
      choose({ type: "any", disable_parallel_tool_use: 1 }),
      /disable_parallel_tool_use: must be true or false/,
    ],
    [{ tool_choice: { type: "any" } }, 'tool_choice "any" needs tools'],
    [{ thinking: true }, "thinking: must be an object"],
    [{ thinking: { type: "between_tools" } }, 'thinking.type: must be "enabled", "disabled" or "adaptive"'],
    [{ thinking: { type: "adaptive", display: "x" } }, 'thinking.display: must be "summarized" or "omitted"'],
    [{ output_config: { effort: "huge" } }, /^output_config\.effort: must be one of "low"/],
    [{ output_config: { format: { type: "text" } } }, 'output_config.format.type: must be "json_schema"'],
    [{ output_format: { type: "json_schema" } }, "output_format.schema: must be an object"],
    [
      {
        output_config: { format: { type: "json_schema", schema: { type: "object" } } },
        output_format: { type: "text" },
      },
      'output_format.type: must be "json_schema"',
    ],
    [{ output_config: { task_budget: {} } }, /^output_config\.task_budget is not supported/],
    [{ options: { seed: "x" } }, 'option "seed" must be of type integer'],
  ] as [object, string | RegExp][])("case %#", async (body, message) => {
    const app = caller();
    const reply = await ask(body, app);
    expect(reply.status).toBe(400);
    expect<unknown>(await reply.json()).toEqual(
      failure(
        "invalid_request_error",
        typeof message === "string" ? message : expect.stringMatching(message),
      ),
    );
    expect(app.engine.tasks).toEqual([]);
  });
});

describe("other failures", () => {
  const send = (method: string, path: string, body?: unknown) => fakeApp().send(method, path, body);
  const errorOf = async (reply: Response) => [reply.status, await reply.json()];
  const messages = [user("hi")];

  test.each([
    ["POST", "/v1/messages", "", 400, "invalid_request_error", "EOF"],
    ["POST", "/v1/messages", "{", 400, "invalid_request_error", "unexpected EOF"],
    [
      "POST",
      "/v1/messages",
      { model: "claude-x", max_tokens: 1, messages },
      404,
      "not_found_error",
      "model 'claude-x' not found",
    ],
    [
      "POST",
      "/v1/messages/count_tokens",
      { model: "nope", messages },
      404,
      "not_found_error",
      "model 'nope' not found",
    ],
    [
      "POST",
      "/v1/messages",
      { model: "a:cloud", max_tokens: 1, messages },
      403,
      "permission_error",
      /cloud is disabled/,
    ],
    ["GET", "/v1/messages", undefined, 405, "invalid_request_error", "method not allowed: GET /v1/messages"],
    ["POST", "/v1/messages/batches", {}, 404, "not_found_error", "unknown path: POST /v1/messages/batches"],
  ] as const)("%s %s %#", async (method, path, body, status, type, message) => {
    const expected = typeof message === "string" ? message : expect.stringMatching(message);
    expect<unknown>(await errorOf(await send(method, path, body))).toEqual([status, failure(type, expected)]);
  });

  test("a body that is too large", async () => {
    const headers = { "content-length": String(65 * 1024 * 1024) };
    const reply = await fakeApp().send("POST", "/v1/messages", "{}", headers);
    expect<unknown>(await errorOf(reply)).toEqual([413, failure("request_too_large", expect.any(String))]);
  });

  test("a thread, by the code for which clients go on without", async () => {
    const reply = await ask({ thread: { type: "create" } });
    expect([reply.status, await reply.json()]).toMatchObject([
      400,
      {
        error: {
          type: "invalid_request_error",
          details: { error_code: "thread_unsupported_request", unsupported: ["thread"] },
        },
      },
    ]);
  });
});
