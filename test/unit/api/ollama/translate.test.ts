import { describe, expect, test } from "bun:test";
import { ChatRequest, GenerateRequest } from "../../../../src/api/ollama/schema/answer.ts";
import { translateGenerate, translateOllamaChat } from "../../../../src/api/ollama/translate.ts";
import { readRequest } from "../../../support/read-request.ts";

const generate = (body: object) => translateGenerate(readRequest(GenerateRequest, body));
const chat = (body: object) => translateOllamaChat(readRequest(ChatRequest, body));

test("nothing set: Ollama's defaults", () => {
  expect(generate({})).toEqual({
    intent: {
      model: "",
      input: { type: "completion", prompt: "", raw: false, images: [] },
      options: {},
      truncate: true,
      debugRenderOnly: false,
    },
    notices: [],
  });
});

test("everything set", () => {
  const body = {
    model: "m",
    prompt: "p",
    suffix: "x",
    system: "s",
    template: "t",
    context: [1],
    raw: true,
    images: ["aGk="],
    format: "json",
    think: "high",
    keep_alive: "1m",
    options: { seed: 1 },
    logprobs: true,
    top_logprobs: 2,
    truncate: false,
    shift: false,
    stream: false,
    _debug_render_only: true,
  };
  expect(generate(body)).toEqual({
    intent: {
      model: "m",
      input: {
        type: "completion",
        prompt: "p",
        suffix: "x",
        system: "s",
        template: "t",
        context: [1],
        raw: true,
        images: ["aGk="],
      },
      options: { seed: 1 },
      format: { type: "json" },
      think: "high",
      logprobs: 2,
      truncate: false,
      shift: false,
      keepAlive: 60_000,
      debugRenderOnly: true,
    },
    notices: [],
  });
});

test("empty texts and lists are not set", () => {
  const { input } = generate({ suffix: "", system: "", template: "", context: [], images: null }).intent;
  expect(input).toEqual({ type: "completion", prompt: "", raw: false, images: [] });
});

test("messages: roles lower-cased, calls and results carried over, order of arguments kept", () => {
  const { input } = chat({
    messages: [
      { role: "USER", content: "q", images: ["aGk="] },
      {
        role: "assistant",
        thinking: "hm",
        tool_calls: [
          { id: "1", function: { name: "f", arguments: { z: 1, a: 2 } } },
          { function: { name: "g" } },
        ],
      },
      { role: "tool", content: "r", tool_name: "f", tool_call_id: "1" },
      {},
    ],
    tools: [{ type: "function", function: { name: "f", parameters: { z: 1, a: 2 } } }],
  }).intent;
  expect(JSON.stringify(input)).toBe(
    JSON.stringify({
      type: "chat",
      messages: [
        { role: "user", content: "q", images: ["aGk="] },
        {
          role: "assistant",
          content: "",
          thinking: "hm",
          toolCalls: [
            { id: "1", name: "f", arguments: { z: 1, a: 2 } },
            { name: "g", arguments: {} },
          ],
        },
        { role: "tool", content: "r", toolName: "f", toolCallId: "1" },
        { role: "", content: "" },
      ],
      tools: [{ type: "function", function: { name: "f", parameters: { z: 1, a: 2 } } }],
    }),
  );
});

describe("format", () => {
  const formatOf = (format: unknown) => chat({ format }).intent.format;

  test.each([[undefined], [null], [""]])("%p is off", (format) => {
    expect(formatOf(format)).toBeUndefined();
  });

  test("a schema keeps the order of its properties", () => {
    const schema = { type: "object", properties: { z: {}, a: {} } };
    expect(JSON.stringify(formatOf(schema))).toBe(JSON.stringify({ type: "schema", schema }));
  });

  test.each([
    ["xml", '"\\"xml\\""'],
    [true, '"true"'],
    [[], '"[]"'],
    [1, '"1"'],
  ])("%p is refused", (format, raw) => {
    expect(() => formatOf(format)).toThrow(
      `invalid format: ${raw}; expected "json" or a valid JSON Schema object`,
    );
  });
});
