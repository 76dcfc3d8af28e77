import { describe, expect, test } from "bun:test";
import type { Message } from "../../../../src/intent/message.ts";
import { type JinjaAbilities, jinjaAbilities } from "../../../../src/prompt/jinja/abilities.ts";
import { jinjaFacts } from "../../../../src/prompt/jinja/facts.ts";
import { jinjaMessages, withCallIds } from "../../../../src/prompt/jinja/messages.ts";
import {
  CHATML,
  DEAF,
  ONE_SYSTEM,
  PARTS,
  REFUSING,
  STRICT,
  TEXT_ARGUMENTS,
  TOOLS,
  TOOLS_REQUIRED,
} from "./templates.ts";

const usual: JinjaAbilities = {
  typedContent: false,
  noTools: null,
  systemRole: true,
  objectArguments: true,
  shortIds: false,
  toolCallTag: "{",
  developerRole: false,
  systemAnywhere: true,
  repeatedRoles: true,
};

test.each<[string, string, Partial<JinjaAbilities>]>([
  ["chatml", CHATML, {}],
  ["tools", TOOLS, { toolCallTag: "<tool_call>" }],
  ["strict", STRICT, { systemRole: false, systemAnywhere: false, repeatedRoles: false }],
  ["one system message", ONE_SYSTEM, { systemAnywhere: false }],
  ["parts", PARTS, { typedContent: true }],
  ["text arguments", TEXT_ARGUMENTS, { objectArguments: false, toolCallTag: "[CALLS]" }],
  ["tools required", TOOLS_REQUIRED, { noTools: [] }],
  ["deaf", DEAF, {}],
  ["refusing", REFUSING, {}],
  ["empty", "", {}],
])("abilities of %s", (_, text, changes) => {
  expect(jinjaAbilities(text)).toEqual({ ...usual, ...changes });
});

test("a tag that begins like the one before an answer is found whole", () => {
  const text = `{% for m in messages %}<a>{% if m.tool_calls %}<tool>{{ m.tool_calls[0].function | tojson }}{% else %}<text>{{ m.content }}{% endif %}{% endfor %}`;
  expect(jinjaAbilities(text).toolCallTag).toBe("<tool>");
});

describe("facts by text", () => {
  const think = { open: "<think>", close: "</think>" };
  test.each([
    ["", false, undefined],
    ["{% for tool in tools %}", true, undefined],
    ["{{ message.tool_call }}", true, undefined],
    ["<think>{{ x }}</think>", false, think],
    ["only <think>", false, undefined],
    ["{{ content.split('</think>')[-1] }}", false, think],
    ['{{ message.content.split( "</think>" )[-1] }}', false, think],
    ["{{ content.split('</think>')[-1] }}{{ reasoning_content }}", false, undefined],
    ["{{ content.split('</think>')[-1] }}<SPECIAL_12>", false, undefined],
    ["{% broken <think></think>", false, think],
    ["[THINK]{{ x }}[/THINK]", false, { open: "[THINK]", close: "[/THINK]" }],
    ["<|channel>thought {{ x }}<channel|>", false, { open: "<|channel>thought", close: "<channel|>" }],
  ])("%s", (text, tools, thinking) => {
    expect(jinjaFacts(text)).toEqual({ tools, thinking });
  });
});

describe("ids of tool calls", () => {
  const calling = (...calls: [name: string, id?: string][]): Message => ({
    role: "assistant",
    content: "",
    toolCalls: calls.map(([name, id]) => ({ name, arguments: {}, ...(id !== undefined && { id }) })),
  });
  const result = (more: Partial<Message>): Message => ({ role: "tool", content: "", ...more });
  const ids = (messages: Message[]): string[] =>
    withCallIds(messages).map(({ toolCalls, toolCallId, toolName }) =>
      toolCalls === undefined ? `${toolName}=${toolCallId}` : toolCalls.map(({ id }) => id).join(),
    );

  test.each<[string, Message[], string[]]>([
    ["given ones stay", [calling(["f", "x"]), result({ toolCallId: "x" })], ["x", "f=x"]],
    [
      "in order",
      [calling(["f"], ["g"]), result({}), result({})],
      ["call00000,call00001", "f=call00000", "g=call00001"],
    ],
    [
      "by name",
      [calling(["f"], ["g"]), result({ toolName: "g" }), result({ toolName: "f" })],
      ["call00000,call00001", "g=call00001", "f=call00000"],
    ],
    [
      "one tool twice",
      [calling(["f"], ["f"]), result({ toolName: "f" }), result({ toolName: "f" })],
      ["call00000,call00001", "f=call00000", "f=call00001"],
    ],
    [
      "over turns",
      [calling(["f"]), result({}), calling(["f"]), result({})],
      ["call00000", "f=call00000", "call00001", "f=call00001"],
    ],
    ["nothing to answer", [result({ toolName: "f" })], ["f=undefined"]],
    ["an unknown id", [calling(["f", "x"]), result({ toolCallId: "y" })], ["x", "undefined=y"]],
  ])("%s", (_, messages, expected) => {
    expect(ids(messages)).toEqual(expected);
  });
});

test("a template that wants nine characters gets no other ids", () => {
  const text = `{% for m in messages %}{% for c in m.tool_calls or [] %}{% if c.id | length != 9 %}{{ raise_exception("9") }}{% endif %}{{ c.id }}{% endfor %}{{ m.tool_call_id }}{{ m.content }}{% endfor %}`;
  expect(jinjaAbilities(text).shortIds).toBe(true);
  const call = { id: "call_0a1b2c3d", name: "f", arguments: {} };
  const history: Message[] = [
    { role: "assistant", content: "", toolCalls: [call, { ...call, id: "call_x" }] },
    { role: "tool", content: "", toolCallId: "call_x" },
    { role: "tool", content: "", toolCallId: "call_0a1b2c3d" },
  ];
  const replaced = withCallIds(history, true);
  expect(replaced[0]!.toolCalls!.map(({ id }) => id)).toEqual(["call00000", "call00001"]);
  expect(replaced.slice(1).map(({ toolCallId }) => toolCallId)).toEqual(["call00001", "call00000"]);
});

describe("messages", () => {
  const system: Message = { role: "system", content: "S" };
  const user: Message = { role: "user", content: "U" };

  test("thinking goes under both names; empty fields are left out", () => {
    const answer: Message = { role: "assistant", content: "A", thinking: "T", toolCalls: [] };
    expect(jinjaMessages([user, answer, { ...answer, thinking: "" }], usual)).toEqual([
      { role: "user", content: "U" },
      { role: "assistant", content: "A", reasoning_content: "T", thinking: "T" },
      { role: "assistant", content: "A" },
    ]);
  });

  test("arguments as an object or as text, content as text or as parts", () => {
    const call: Message = {
      role: "assistant",
      content: "",
      toolCalls: [{ id: "i", name: "f", arguments: { b: 1, a: 2 } }],
    };
    const shown = (args: unknown) => [
      { id: "i", type: "function", function: { name: "f", arguments: args } },
    ];
    expect(jinjaMessages([call], usual)[0]).toEqual({
      role: "assistant",
      content: "",
      tool_calls: shown({ b: 1, a: 2 }),
    });
    const wanting = { ...usual, objectArguments: false, typedContent: true };
    expect(jinjaMessages([call], wanting)[0]).toEqual({
      role: "assistant",
      content: [{ type: "text", text: "" }],
      tool_calls: shown('{"b":1,"a":2}'),
    });
  });

  test("a system message that the template does not print joins the next one; alone it stays", () => {
    const deaf = { ...usual, systemRole: false };
    expect(jinjaMessages([system, user, system], deaf)).toEqual([
      { role: "user", content: "S\nU" },
      { role: "system", content: "S" },
    ]);
    expect(jinjaMessages([system], deaf)).toEqual([{ role: "system", content: "S" }]);
    expect(jinjaMessages([system, user], usual)).toHaveLength(2);
  });
});
