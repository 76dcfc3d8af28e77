import type { ToolDefinition } from "../../src/intent/message.ts";

const tool = (
  name: string,
  properties: Record<string, unknown>,
  required: string[] = [],
): ToolDefinition => ({
  type: "function",
  function: { name, description: name, parameters: { type: "object", properties, required } },
});

export const WEATHER = tool(
  "get_weather",
  { city: { type: "string" }, days: { type: "integer" }, metric: { type: "boolean" } },
  ["city"],
);
export const TIME = tool("now", {});
export const PYTHON = tool("python", { code: { type: "string" } });
export const TOOLS = [WEATHER, TIME];

/** What a part of an answer is, shortly: text, [thinking], call, or text that comes with a warning. */
export type Expected =
  | string
  | { thinking: string }
  | { call: string; arguments: Record<string, unknown> }
  | { broken: string };

export interface Sample {
  what: string;
  /** Text of the model's template, as much as matters. */
  template: string;
  answer: string;
  parts: Expected[];
  tools?: ToolDefinition[];
}

const oslo = { call: "get_weather", arguments: { city: "Oslo" } };
const rome = { call: "get_weather", arguments: { city: "Rome", days: 2 } };
const now = { call: "now", arguments: {} };

const HERMES = "<tool_call>";
const QWEN_CODER = "<tool_call> <function=";
const json = (city: string) => `{"name": "get_weather", "arguments": {"city": "${city}"}}`;

const hermes: Omit<Sample, "template">[] = [
  { what: "one call", answer: `<tool_call>\n${json("Oslo")}\n</tool_call>`, parts: [oslo] },
  {
    what: "text before and after",
    answer: `Let me look.\n\n<tool_call>${json("Oslo")}</tool_call>\n\nDone. `,
    parts: ["Let me look.", oslo, "Done. "],
  },
  {
    what: "two calls, and one without arguments",
    answer: `<tool_call>\n${json("Oslo")}\n</tool_call>\n<tool_call>\n{"name": "now"}\n</tool_call>`,
    parts: [oslo, now],
  },
  {
    what: "braces, quotes and tags inside of a string",
    answer: `<tool_call>{"name": "get_weather", "arguments": {"city": "}{\\"</tool_call>\\\\"}}</tool_call>`,
    parts: [{ call: "get_weather", arguments: { city: '}{"</tool_call>\\' } }],
  },
  {
    what: "arguments as a string",
    answer: `<tool_call>{"name": "get_weather", "arguments": "{\\"city\\": \\"Oslo\\"}"}</tool_call>`,
    parts: [oslo],
  },
  { what: "no closing tag", answer: `<tool_call>${json("Oslo")}`, parts: [oslo] },
  {
    what: "a forgotten brace",
    answer: `<tool_call>{"name": "get_weather", "arguments": {"city": "Oslo"}\n</tool_call>`,
    parts: [oslo],
  },
  {
    what: "Python's quotes and constants",
    answer: `<tool_call>{'name': 'get_weather', 'arguments': {'city': 'Oslo', 'metric': True}}</tool_call>`,
    parts: [{ call: "get_weather", arguments: { city: "Oslo", metric: true } }],
  },
  {
    what: "cut off",
    answer: `<tool_call>{"name": "get_weather", "arguments": {"city": "Os`,
    parts: [{ broken: `<tool_call>{"name": "get_weather", "arguments": {"city": "Os` }],
  },
  {
    what: "an unknown tool",
    answer: `A <tool_call>{"name": "x", "arguments": {}}</tool_call> B`,
    parts: ["A", { broken: ` <tool_call>{"name": "x", "arguments": {}}` }, "</tool_call> B"],
  },
  {
    what: "no call behind the tag",
    answer: "The tag <tool_call> opens\na call.",
    parts: ["The tag", { broken: " <tool_call> opens\n" }, "a call."],
  },
  { what: "nothing but the beginning of a tag", answer: "a <tool_ca", parts: ["a <tool_ca"] },
  { what: "nothing but the tag", answer: "<tool_call>", parts: [{ broken: "<tool_call>" }] },
  { what: "plain text", answer: " 1 < 2, [x] and {y}\n ", parts: [" 1 < 2, [x] and {y}\n "] },
  {
    what: "GLM's keys and values",
    answer:
      "<tool_call>get_weather\n<arg_key>city</arg_key>\n<arg_value>Rome</arg_value>\n<arg_key>days</arg_key>\n<arg_value>2</arg_value>\n</tool_call>",
    parts: [rome],
  },
  { what: "GLM without arguments", answer: "<tool_call>now</tool_call>", parts: [now] },
];

const coder: Omit<Sample, "template">[] = [
  {
    what: "one call",
    answer:
      "<tool_call>\n<function=get_weather>\n<parameter=city>\nRome\n</parameter>\n<parameter=days>\n2\n</parameter>\n</function>\n</tool_call>",
    parts: [rome],
  },
  {
    what: "without the outer tag, a value of several lines",
    answer: "ok <function=get_weather><parameter=city>\n a\n\n</parameter></function>",
    parts: ["ok", { call: "get_weather", arguments: { city: " a\n" } }],
  },
  {
    what: "unfinished",
    answer: "<tool_call>\n<function=get_weather>\n<parameter=city>\nRo",
    parts: [{ broken: "<tool_call>\n<function=get_weather>\n<parameter=city>\nRo" }],
  },
  { what: "JSON, as its elders", answer: `<tool_call>${json("Oslo")}</tool_call>`, parts: [oslo] },
];

const bare: Omit<Sample, "template">[] = [
  { what: "parameters", answer: '{"name": "get_weather", "parameters": {"city": "Oslo"}}', parts: [oslo] },
  {
    what: "several",
    answer: `${json("Oslo")}; {"name": "get_weather", "parameters": {"city": "Rome", "days": 2}}`,
    parts: [oslo, rome],
  },
  { what: "a list", answer: `[${json("Oslo")}, {"name": "now", "arguments": {}}]`, parts: [oslo, now] },
  {
    what: "fenced, with text around",
    answer: `I call:\n\`\`\`json\n${json("Oslo")}\n\`\`\`\nThat is all.`,
    parts: ["I call:", oslo, "That is all."],
  },
  { what: "behind a line of text", answer: `Sure.\n${json("Oslo")}`, parts: ["Sure.", oslo] },
  { what: "keyed by the tool", answer: '{"get_weather": {"city": "Oslo"}}', parts: [oslo] },
  {
    what: "OpenAI's form",
    answer: `{"type": "function", "function": ${json("Oslo")}}`,
    parts: [oslo],
  },
  { what: "JSON that is no call", answer: '{"name": "Bob", "age": 3}', parts: ['{"name": "Bob", "age": 3}'] },
  { what: "in the middle of a line", answer: `see ${json("Oslo")}`, parts: [`see ${json("Oslo")}`] },
  {
    what: "code that is no call",
    answer: "```json\n[1, 2]\n```\n```\ntext\n```",
    parts: ["```json\n[1, 2]\n```\n```\ntext\n```"],
  },
  {
    what: "a broken call",
    answer: '{"name": "get_weather", "parameters": {"city": }} so',
    parts: [{ broken: '{"name": "get_weather", "parameters": {"city": }}' }, " so"],
  },
  { what: "Python's list", answer: '[get_weather(city="Rome", days=2), now()]', parts: [rome, now] },
  {
    what: "Python's list, broken",
    answer: "[get_weather(city=Rome)]",
    parts: [{ broken: "[get_weather(city=Rome)]" }],
  },
  { what: "a list of something else", answer: "[now, then]", parts: ["[now, then]"] },
];

const of = (template: string, samples: Omit<Sample, "template">[]): Sample[] =>
  samples.map((sample) => ({ ...sample, template }));

const HARMONY = "<|start|><|channel|><|message|>";
const DEEPSEEK = "<｜tool▁call▁begin｜>";

/** Answers in every syntax that is known, and what is to come of them. Every tool is one of {@link TOOLS}, if not said. */
export const SAMPLES: Sample[] = [
  ...of(HERMES, hermes),
  ...of(QWEN_CODER, coder),
  ...of("", bare),
  ...of("<|python_tag|>", [
    {
      what: "JSON",
      answer: `<|python_tag|>${json("Oslo")}; ${json("Rome")}`,
      parts: [oslo, { ...rome, arguments: { city: "Rome" } }],
    },
    { what: "a built-in tool", answer: '<|python_tag|>get_weather.call(city="Oslo")', parts: [oslo] },
    {
      what: "code that nobody runs",
      answer: "<|python_tag|>1 + 1",
      parts: [{ broken: "<|python_tag|>1 + 1" }],
    },
    {
      what: "code",
      answer: "<|python_tag|>print(1)\nx = 2",
      parts: [{ call: "python", arguments: { code: "print(1)\nx = 2" } }],
      tools: [PYTHON],
    },
  ]),
  ...of("[TOOL_CALLS] [ARGS]", [
    {
      what: "a list",
      answer: `[TOOL_CALLS] [${json("Oslo")}, {"name": "now", "arguments": {}}]`,
      parts: [oslo, now],
    },
    {
      what: "names",
      answer: 'Hm.[TOOL_CALLS]get_weather[ARGS]{"city": "Oslo"}[TOOL_CALLS]now[ARGS]{}',
      parts: ["Hm.", oslo, now],
    },
    {
      what: "an id",
      answer: '[TOOL_CALLS]get_weather[CALL_ID]abcdefghi[ARGS]{"city": "Oslo"}',
      parts: [oslo],
    },
    { what: "no [ARGS]", answer: '[TOOL_CALLS]get_weather{"city": "Oslo"}', parts: [oslo] },
    {
      what: "an unknown name",
      answer: "[TOOL_CALLS]nope[ARGS]{}",
      parts: [{ broken: "[TOOL_CALLS]nope[ARGS]" }, "{}"],
    },
    { what: "an empty list", answer: "[TOOL_CALLS] []", parts: [{ broken: "[TOOL_CALLS] [" }, "]"] },
  ]),
  ...of("<|START_ACTION|>", [
    {
      what: "Command R7B",
      answer:
        '<|START_ACTION|>[\n    {"tool_call_id": "0", "tool_name": "get_weather", "parameters": {"city": "Oslo"}}\n]<|END_ACTION|>',
      parts: [oslo],
    },
  ]),
  ...of("", [
    {
      what: "Command R",
      answer: 'Action: \n```json\n[\n  {"tool_name": "get_weather", "parameters": {"city": "Oslo"}}\n]\n```',
      parts: ["Action:", oslo],
    },
  ]),
  ...of("<|tool_call|>", [
    { what: "Granite", answer: `<|tool_call|>[${json("Oslo")}]`, parts: [oslo] },
    { what: "Granite, text after", answer: `<|tool_call|>[${json("Oslo")}] ok`, parts: [oslo, "ok"] },
  ]),
  ...of(DEEPSEEK, [
    {
      what: "DeepSeek V3",
      answer:
        '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n```json\n{"city": "Oslo"}\n```<｜tool▁call▁end｜>\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>now\n```json\n{}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
      parts: [oslo, now],
    },
    {
      what: "DeepSeek V3.1",
      answer:
        'Yes.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"city": "Oslo"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
      parts: ["Yes.", oslo],
    },
    {
      what: "DeepSeek, unknown",
      answer: "<｜tool▁call▁begin｜>nope<｜tool▁sep｜>{}<｜tool▁call▁end｜>",
      parts: [{ broken: "<｜tool▁call▁begin｜>nope<｜tool▁sep｜>{" }, "}<｜tool▁call▁end｜>"],
    },
  ]),
  ...of(">>>all", [
    { what: "Functionary: text", answer: "all\nHello", parts: ["Hello"] },
    { what: "Functionary: a call", answer: 'get_weather\n{"city": "Oslo"}', parts: [oslo] },
    {
      what: "Functionary: both",
      answer: 'all\nHello>>>get_weather\n{"city": "Oslo"}>>>now\n{}',
      parts: ["Hello", oslo, now],
    },
    { what: "Functionary: no recipient", answer: "Hello >>> there", parts: ["Hello >>> there"] },
  ]),
  ...of("<function=", [
    { what: "Functionary 3.1", answer: '<function=get_weather>{"city": "Oslo"}</function>', parts: [oslo] },
    {
      what: "of no tool",
      answer: "<function=f>{}</function>",
      parts: [{ broken: "<function=f>" }, "{}</function>"],
    },
  ]),
  ...of("<|tool_call_start|>", [
    {
      what: "LFM2",
      answer: '<|tool_call_start|>[get_weather(city="Rome", days=2), now()]<|tool_call_end|>Looking.',
      parts: [rome, now, "Looking."],
    },
    {
      what: "LFM2, broken",
      answer: "<|tool_call_start|>[f(]<|tool_call_end|>",
      parts: [{ broken: "<|tool_call_start|>[f(]<|tool_call_end|>" }],
    },
  ]),
  ...of("<function_calls>", [
    {
      what: "OLMo 3",
      answer: '<function_calls>get_weather("Rome", 2)\nnow()</function_calls>',
      parts: [rome, now],
    },
  ]),
  ...of("<|tool_call>", [
    {
      what: "Gemma 4",
      answer: '<|tool_call>call:get_weather{city:<|"|>Rome<|"|>,days:2}<tool_call|>',
      parts: [rome],
    },
  ]),
  ...of(HARMONY, [
    {
      what: "Harmony: thinking and text",
      answer:
        "<|channel|>analysis<|message|>Hm <b>.<|end|><|start|>assistant<|channel|>final<|message|>Hello.",
      parts: [{ thinking: "Hm <b>." }, "Hello."],
    },
    {
      what: "Harmony: a call",
      answer:
        '<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"city": "Oslo"}<|call|>',
      parts: [{ thinking: "Hm." }, oslo],
    },
    {
      what: "Harmony: preamble, recipient in front of the channel, cut off by the engine",
      answer:
        '<|channel|>commentary<|message|>I look.<|end|><|start|>assistant to=functions.get_weather<|channel|>commentary<|message|>{"city":"Oslo"}',
      parts: ["I look.", oslo],
    },
    { what: "Harmony: no header", answer: "Hello <|end|> you", parts: ["Hello <|end|> you"] },
    { what: "Harmony: header cut off", answer: "<|channel|>ana", parts: [] },
    {
      what: "Harmony: a broken call",
      answer: "<|channel|>commentary to=functions.now<|message|>{oops",
      parts: [{ broken: "<|channel|>commentary to=functions.now<|message|>{oops" }],
    },
    {
      what: "Harmony: final text for somebody",
      answer: "<|channel|>final to=x<|message|>Hi<|return|>",
      parts: ["Hi"],
    },
  ]),
];
