import { json, now, of, oslo, rome, type Sample } from "./sample.ts";

const HERMES = "<tool_call>";
const QWEN_CODER = "<tool_call> <function=";
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
  { what: "doubled braces", answer: `<tool_call>\n{${json("Oslo")}}\n</tool_call>`, parts: [oslo] },
  {
    what: "several in one tag",
    answer: `<tool_call>${json("Oslo")},\n${json("Oslo")}\n</tool_call>`,
    parts: [oslo, oslo],
  },
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
  {
    what: "several behind commas",
    answer: `${json("Oslo")},\n${json("Oslo")} , {"name": "now", "arguments": ""}`,
    parts: [oslo, oslo, now],
  },
  {
    what: "several behind one another",
    answer: `${json("Oslo")}${json("Oslo")}\n\n{"name": "now", "arguments": {}}\n`,
    parts: [oslo, oslo, now],
  },
  { what: "a comma behind the last one", answer: `${json("Oslo")},\n`, parts: [oslo] },
  { what: "text behind a comma", answer: `${json("Oslo")}, and more`, parts: [oslo, ", and more"] },
  { what: "doubled braces", answer: `{${json("Oslo")}}`, parts: [oslo] },
  {
    what: "several in doubled braces",
    answer: `{${json("Oslo")}}\n{${json("Oslo")}},{{"name": "now", "arguments": {}} }`,
    parts: [oslo, oslo, now],
  },
  { what: "one brace too many in front", answer: `{${json("Oslo")} so`, parts: [oslo, "so"] },
  {
    what: "doubled braces that are no call",
    answer: "{{ user.name }} is a place",
    parts: ["{{ user.name }} is a place"],
  },
  {
    what: "a list without commas, in doubled braces",
    answer: `[{${json("Oslo")}} ${json("Oslo")}]`,
    parts: [oslo, oslo],
  },
  {
    what: "several in a fence",
    answer: `\`\`\`json\n${json("Oslo")}\n{${json("Oslo")}}\n\`\`\`\nDone`,
    parts: [oslo, oslo, "Done"],
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

/** JSON, with the tag of Hermes and Qwen and without any. */
export const JSON_SAMPLES: Sample[] = [...of(HERMES, hermes), ...of(QWEN_CODER, coder), ...of("", bare)];
