import { describe, expect, test } from "bun:test";
import type { TObject } from "@sinclair/typebox";
import { ChatRequest, GenerateRequest } from "../../../../src/api/ollama/schema/answer.ts";
import { CreateRequest } from "../../../../src/api/ollama/schema/create.ts";
import { unknownFieldNotices } from "../../../../src/api/wire/notices.ts";
import { readRequest } from "../../../support/read-request.ts";

/** Names of the unknown fields of a request. */
const ignoredIn = (schema: TObject, body: object) =>
  unknownFieldNotices(schema, body).map(({ message }) => message.replace(" ignored: unknown field", ""));

describe("keys", () => {
  test("match whatever their case", () => {
    expect(readRequest(GenerateRequest, { MODEL: "a", Prompt: "b" })).toEqual({ model: "a", prompt: "b" });
  });

  test("of several spellings the last counts", () => {
    expect(readRequest(GenerateRequest, { model: "a", MODEL: "b" })).toEqual({ model: "b" });
  });

  test("null leaves a field unset", () => {
    expect(
      readRequest(GenerateRequest, { model: null, format: null, think: null, keep_alive: null }),
    ).toEqual({});
  });

  test("unknown ones are kept, in order, and reported by path", () => {
    const body = readRequest(ChatRequest, {
      zeta: 1,
      messages: [
        { role: "user", name: "x" },
        { role: "user", name: "y" },
      ],
      alpha: 2,
    });
    expect(Object.keys(body)).toEqual(["zeta", "messages", "alpha"]);
    expect(ignoredIn(ChatRequest, body)).toEqual(["zeta", "messages.name", "alpha"]);
  });

  test("__proto__ is data", () => {
    const body = readRequest(GenerateRequest, JSON.parse('{"__proto__":{"model":"x"}}'));
    expect(body.model).toBeUndefined();
    expect(ignoredIn(GenerateRequest, body)).toEqual(["__proto__"]);
  });
});

test("null is a request in which nothing is set", () => {
  expect(readRequest(GenerateRequest, null)).toEqual({});
});

test("null in a list is Go's zero value", () => {
  expect(readRequest(ChatRequest, { messages: [null] })).toEqual({ messages: [{}] });
  expect(readRequest(GenerateRequest, { context: [1, null] })).toEqual({ context: [1, 0] });
});

describe("type errors read as Go's do", () => {
  test.each([
    [[], "json: cannot unmarshal array into Go value of type api.ChatRequest"],
    ["x", "json: cannot unmarshal string into Go value of type api.ChatRequest"],
    [{ model: 5 }, "json: cannot unmarshal number into Go struct field ChatRequest.model of type string"],
    [{ stream: "no" }, "json: cannot unmarshal string into Go struct field ChatRequest.stream of type bool"],
    [
      { messages: "x" },
      "json: cannot unmarshal string into Go struct field ChatRequest.messages of type []api.Message",
    ],
    [
      { messages: ["x"] },
      "json: cannot unmarshal string into Go struct field ChatRequest.messages of type api.Message",
    ],
    [
      { messages: [{ content: [] }] },
      "json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string",
    ],
    [
      { messages: [{ images: [1] }] },
      "json: cannot unmarshal number into Go struct field ChatRequest.messages.images of type api.ImageData",
    ],
    [{ messages: [{ images: ["data:x"] }] }, "illegal base64 data at input byte 4"],
    [
      { messages: [{ tool_calls: [{ function: { name: "f", arguments: "{}" } }] }] },
      "Value looks like object, but can't find closing '}' symbol",
    ],
    [{ tools: [1] }, "json: cannot unmarshal number into Go struct field ChatRequest.tools of type api.Tool"],
    [
      { options: "x" },
      "json: cannot unmarshal string into Go struct field ChatRequest.options of type map[string]interface {}",
    ],
    [
      { top_logprobs: 1.5 },
      "json: cannot unmarshal number 1.5 into Go struct field ChatRequest.top_logprobs of type int",
    ],
    [{ logprobs: 1 }, "json: cannot unmarshal number into Go struct field ChatRequest.logprobs of type bool"],
    [{ keep_alive: "300" }, 'time: missing unit in duration "300"'],
    [{ keep_alive: true }, "Unsupported type: 'bool'"],
    [{ keep_alive: {} }, "Unsupported type: 'map[string]interface {}'"],
    [
      { think: "hard" },
      'invalid think value: "hard" (must be "high", "medium", "low", "max", true, or false)',
    ],
    [{ think: 1 }, 'think must be a boolean or string ("high", "medium", "low", "max", true, or false)'],
  ])("%j", (value, message) => {
    expect(() => readRequest(ChatRequest, value)).toThrow(message);
  });

  test("members of a map", () => {
    const message = "json: cannot unmarshal number into Go struct field CreateRequest.files of type string";
    expect(() => readRequest(CreateRequest, { files: { a: 1 } })).toThrow(message);
  });
});
