import { describe, expect, test } from "bun:test";
import { MessagesRequest } from "../../../../src/api/anthropic/schema/request.ts";
import { translateCount, translateMessages } from "../../../../src/api/anthropic/translate.ts";
import { readRequest } from "../../../support/read-request.ts";

const messages = [{ role: "user", content: "hi" }];
const request = (more: object = {}) =>
  readRequest(MessagesRequest, { model: "test", max_tokens: 5, messages, ...more });
const intentOf = (more: object = {}) => translateMessages(request(more)).intent;

const tool = { name: "f", description: "Does it.", input_schema: { type: "object", properties: {} } };

test("what is not said is left to the model", () => {
  expect(translateMessages(request())).toEqual({
    intent: {
      model: "test",
      input: { type: "chat", messages, tools: [] },
      options: { num_predict: 5 },
      truncate: true,
      debugRenderOnly: false,
    },
    notices: [],
  });
});

test("tools in the inner language", () => {
  const { input } = intentOf({
    tools: [{ ...tool, type: "custom" }],
    tool_choice: { type: "any", disable_parallel_tool_use: true },
  });
  expect(input).toEqual({
    type: "chat",
    messages,
    tools: [
      {
        type: "function",
        function: { name: "f", description: "Does it.", parameters: tool.input_schema },
      },
    ],
    toolChoice: "required",
    severalCalls: false,
  });
});

describe("think", () => {
  test.each([
    [{}, {}],
    [{ thinking: { type: "enabled", budget_tokens: 2048 } }, { think: true, thinkIfAble: true }],
    [{ thinking: { type: "adaptive" } }, {}],
    [{ thinking: { type: "disabled" } }, { think: false, thinkIfAble: true }],
    [{ output_config: { effort: "max" } }, { think: "max", thinkIfAble: true }],
    [
      { thinking: { type: "adaptive" }, output_config: { effort: "low" } },
      { think: "low", thinkIfAble: true },
    ],
  ] as [object, object][])("case %#", (more, expected) => {
    const { think, thinkIfAble } = intentOf(more);
    expect({
      ...(think !== undefined && { think }),
      ...(thinkIfAble !== undefined && { thinkIfAble }),
    }).toEqual(expected);
  });
});

test("a measured conversation is the answered one, without what concerns the answer", () => {
  const more = { system: "Be brief.", tools: [tool], thinking: { type: "disabled" } };
  const { max_tokens: _, ...counted } = request(more);
  expect(translateCount(counted).intent).toEqual({ ...intentOf(more), options: {} });
});
