import { json, now, of, oslo, PYTHON, rome, type Sample } from "./sample.ts";

const HARMONY = "<|start|><|channel|><|message|>";
const DEEPSEEK = "<｜tool▁call▁begin｜>";

/** Every other syntax. */
export const TAGGED_SAMPLES: Sample[] = [
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
