import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { Think } from "../../../src/intent/generate.ts";
import type { Message, ToolDefinition } from "../../../src/intent/message.ts";
import { PARSER_NAMES, parserTraits } from "../../../src/models/parser-traits.ts";
import { answerReader } from "../../../src/output/answer-reader.ts";
import { marksOf, namedStyle } from "../../../src/output/answer-style.ts";
import type { AnswerPart } from "../../../src/output/parts.ts";
import { cutAt } from "../../support/read-parts.ts";
import { messageOf } from "../../support/renderer-golden.ts";

interface Reading {
  content?: string;
  thinking?: string;
  tool_calls?: { name: string; arguments: Record<string, unknown>; id?: string }[];
  error?: string;
}

/** What Ollama's parser made of a whole answer. */
interface Recorded {
  parsers: string[];
  name: string;
  text: string;
  think?: Think;
  tools?: string;
  last_message?: Parameters<typeof messageOf>[0];
  reading: Reading;
}

const golden = JSON.parse(
  readFileSync(join(import.meta.dir, "../../golden/parsers/cases.golden.json"), "utf8"),
) as {
  tools: Record<string, ToolDefinition[]>;
  parsers: Record<
    string,
    { has_tool_support: boolean; has_thinking_support: boolean; preserved_tokens: string[] | null }
  >;
  cases: Recorded[];
};

function readingOf(parts: readonly AnswerPart[]): Reading & { warned: boolean } {
  const textOf = (type: AnswerPart["type"]) =>
    parts.map((part) => (part.type === type && "text" in part ? part.text : "")).join("");
  const calls = parts.flatMap((part) => (part.type === "tool_call" ? [part.call] : []));
  const content = textOf("text");
  const thinking = textOf("thinking");
  return {
    warned: parts.some((part) => part.type === "text" && part.warning !== undefined),
    ...(content !== "" && { content }),
    ...(thinking !== "" && { thinking }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

/** What a prompt for gpt-oss ends with when the client has begun the answer. */
function harmonyPrompt(last: Message | undefined): string {
  if (last?.role !== "assistant") return "<|start|>assistant";
  const channel = last.content === "" ? "analysis" : "final";
  return `<|start|>assistant<|channel|>${channel}<|message|>${last.content || last.thinking}`;
}

function read(parser: string, { text, think, tools, last_message }: Recorded, cuts: readonly number[]) {
  const last = last_message && messageOf(last_message);
  const reader = answerReader(namedStyle(parser), {
    tools: tools === undefined ? [] : golden.tools[tools]!,
    think,
    prompt: harmonyPrompt(last),
    last,
  })!;
  const parts = cutAt(text, cuts).flatMap((piece) => reader.push(piece));
  return readingOf([...parts, ...reader.end()]);
}

const call = (name: string, args: Record<string, unknown>) => ({ name, arguments: args });
const PARIS = { tool_calls: [call("get_weather", { city: "Paris" })] };
const SPECIAL = {
  tool_calls: [call("get_weather", { city: "São <b>&amp; \"q\" 'z' \\ 你好🎉\nline2" })],
};

/** Where the reading is another one than Ollama's (docs/behaviour); `text`: all of the answer stays in it as text. */
const DIFFERENT: Record<string, Reading | "text"> = {
  // Tags that a model has forgotten to close, where Ollama ends the answer with an error.
  ...Object.fromEntries(
    ["qwen3-coder", "qwen3.5", "ornith", "nemotron-3-nano", "nemotron-3.5-nano"].flatMap((parser) => [
      [`${parser} call_broken`, PARIS],
      [`${parser} missing_close_parameter`, PARIS],
      [`${parser} no_function_tag`, { tool_calls: [call("get_weather", {})] }],
    ]),
  ),
  "harmony tool_empty_args": { tool_calls: [call("now", {})] },
  "harmony two_tools": { tool_calls: [call("get_weather", { city: "Paris", unit: "c" }), call("now", {})] },
  // Text that Ollama loses.
  "harmony garbage_no_tags": "text",
  "lfm2 call_broken": { content: "tail" },
  "lfm2-thinking call_broken": { content: "tail" },
  // Calls without a name, or with half of the answer for one.
  "qwen3-vl-instruct call_empty_name": "text",
  "qwen3-vl-thinking call_empty_name": {
    content: '<tool_call>\n{"name": "", "arguments": {"city": "Paris", "unit": "c"}}\n</tool_call>',
  },
  "functiongemma call_broken": { content: "tail" },
  ...Object.fromEntries(
    ["laguna", "poolside-v1"].flatMap((parser) => [
      [`${parser} repair_missing_open_key`, "text"],
      [`${parser} empty_call`, "text"],
      [`${parser} bare_json_not_call`, "text"],
      // A call that the answer has broken off in is not made with half of its arguments.
      [`${parser} call_unclosed`, {}],
    ]),
  ),
  "gemma4 call_unclosed": {},
  "gemma4-no-thinking call_unclosed": {},
  // Texts that Ollama does not read as what they say.
  "olmo3 call_special_chars": SPECIAL,
  "lfm2 call_special_chars": SPECIAL,
  "lfm2-thinking call_special_chars": SPECIAL,
  "functiongemma call_special_chars": SPECIAL,
  "functiongemma call_typed_args": {
    tool_calls: [
      call("book", {
        trip: { to: "Rome", stops: ["Nice", "Pisa"] },
        days: 3,
        tags: [{ k: "a", v: 1.5 }],
        note: null,
        price: "12.50",
      }),
    ],
  },
};

const each = golden.cases.flatMap((recorded) =>
  recorded.parsers.map((parser) => [`${parser} ${recorded.name}`, parser, recorded] as const),
);

/** Ollama loses white space at the end of an answer; here it stays. */
const trimmed = ({ content, ...rest }: Reading): Reading => {
  const text = content?.trimEnd() ?? "";
  return text === "" ? rest : { ...rest, content: text };
};

describe("every recorded answer", () => {
  test.each(each)("%s", (key, parser, recorded) => {
    const { warned, ...reading } = read(parser, recorded, []);
    const { reading: wanted, text } = recorded;
    const other = DIFFERENT[key];
    if (other === "text") expect(reading).toEqual({ content: text });
    else if (other !== undefined) expect(reading).toEqual(other);
    else if (wanted.error === undefined) expect(trimmed(reading)).toEqual(trimmed(wanted));
    else {
      expect(warned).toBe(true);
      expect(reading.tool_calls).toBeUndefined();
    }
  });

  test.each(each)("%s, however it is cut", (_, parser, recorded) => {
    const whole = read(parser, recorded, []);
    const places = Array.from(recorded.text, (__, at) => at);
    expect(read(parser, recorded, places)).toEqual(whole);
    for (let at = 1; at < recorded.text.length; at++) expect(read(parser, recorded, [at])).toEqual(whole);
  });
});

test("what a parser is able to do is what Ollama says", () => {
  expect(PARSER_NAMES.toSorted()).toEqual(Object.keys(golden.parsers).toSorted());
  for (const [name, recorded] of Object.entries(golden.parsers)) {
    expect([name, parserTraits(name)]).toEqual([
      name,
      { tools: recorded.has_tool_support, thinking: recorded.has_thinking_support },
    ]);
  }
});

test("every text that Ollama lets through as text comes through", () => {
  for (const [name, { preserved_tokens }] of Object.entries(golden.parsers)) {
    const marks = marksOf(namedStyle(name), { tools: true, thinking: true });
    expect([name, (preserved_tokens ?? []).filter((token) => !marks.includes(token))]).toEqual([name, []]);
  }
});

test.each(PARSER_NAMES)("%s does not read again what it has read", (parser) => {
  const { marks = [] } = namedStyle(parser).parser ?? {};
  const text = `${marks.join("")} { [ < ${"x <tool ".repeat(4000)}`;
  const before = process.cpuUsage().user;
  read(
    parser,
    { parsers: [], name: "", text, reading: {} },
    Array.from(text, (_, at) => at),
  );
  // In microseconds: a hundredth of what it takes to look at all of it with every character.
  expect(process.cpuUsage().user - before).toBeLessThan(2_000_000);
});

describe("an answer that a grammar keeps to a format", () => {
  const read = (parser: string, text: string, options: { think?: Think; prompt?: string }) => {
    const { think, prompt = "" } = options;
    const reader = answerReader(namedStyle(parser), { tools: [], think, prompt, constrained: true })!;
    const { warned, ...reading } = readingOf([...reader.push(text), ...reader.end()]);
    return reading;
  };

  test("begins with it where the model is not to think", () => {
    for (const parser of PARSER_NAMES.filter((name) => !["glimmer", "harmony"].includes(name))) {
      expect([parser, read(parser, '{"a": 1}', { think: false })]).toEqual([parser, { content: '{"a": 1}' }]);
    }
    expect(read("glimmer", ' to=user<|message|>{"a": 1}', { think: false })).toEqual({ content: '{"a": 1}' });
  });

  test("has thinking in front where the model thinks, or the prompt has begun it", () => {
    const thought = { thinking: "so", content: '{"a": 1}' };
    expect(read("qwen3.5", 'so</think>{"a": 1}', { think: true, prompt: "<think>\n" })).toEqual(thought);
    expect(read("olmo3-think", 'so</think>{"a": 1}', { think: false, prompt: "<think>" })).toEqual(thought);
  });
});

/** Pieces of what the recorded answers are made of, so that parsers get deep into what then goes wrong. */
const WORDS = [
  ...new Set(golden.cases.flatMap(({ text }) => text.split(/(?<=[>\]}"'\n:,(= ])|(?=[<[{"'])/))),
  ...["{", "[", "(", "\\", "<", "\u{1f600}", " "],
];
const anyAnswer = fc.record({
  parser: fc.constantFrom(...PARSER_NAMES),
  text: fc.oneof(
    fc.array(fc.constantFrom(...WORDS), { maxLength: 30 }).map((words) => words.join("")),
    fc.string({ unit: "binary", maxLength: 60 }),
  ),
  think: fc.constantFrom<(Think | undefined)[]>(undefined, true, false, "low"),
  cuts: fc.array(fc.nat(400), { maxLength: 8 }),
});

test("any text is read, and the same in every cut", () => {
  fc.assert(
    fc.property(anyAnswer, ({ parser, text, think, cuts }) => {
      const recorded = {
        parsers: [],
        name: "",
        text,
        tools: "T0",
        reading: {},
        ...(think !== undefined && { think }),
      };
      const places = cuts.filter((at) => at < text.length);
      const whole = read(parser, recorded, []);
      expect(read(parser, recorded, places)).toEqual(whole);
      expect(
        read(
          parser,
          recorded,
          Array.from({ length: text.length }, (_, at) => at),
        ),
      ).toEqual(whole);
    }),
    { numRuns: 4000 },
  );
});
