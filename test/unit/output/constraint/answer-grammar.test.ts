import { describe, expect, test } from "bun:test";
import type { ToolDefinition } from "../../../../src/intent/message.ts";
import { PARSER_NAMES, parserTraits } from "../../../../src/models/parser-traits.ts";
import { type AnswerStyle, namedStyle } from "../../../../src/output/answer-style.ts";
import { type AnswerDemands, answerGrammar } from "../../../../src/output/constraint/answer-grammar.ts";
import { DeclaredTools } from "../../../../src/output/declared-tools.ts";
import { type Expected, TOOLS } from "../../../support/answer-samples.ts";
import { Gbnf } from "../../../support/gbnf.ts";
import { seededRandom } from "../../../support/random.ts";
import { readPieces, styleOf } from "../../../support/read-parts.ts";
import { validator } from "../../../support/validator.ts";

const ROUTE: ToolDefinition = {
  type: "function",
  function: {
    name: "route",
    parameters: {
      type: "object",
      properties: {
        from: { $ref: "#/$defs/place" },
        via: { type: "array", items: { $ref: "#/$defs/place" }, maxItems: 2 },
        by: { enum: ["car", "train"] },
        stops: { type: "integer", minimum: 0, maximum: 20 },
        slow: { type: "boolean" },
      },
      required: ["from", "by"],
      $defs: { place: { type: "object", properties: { name: { type: "string" } }, required: ["name"] } },
    },
  },
};
const ALL = [...TOOLS, ROUTE];

const grammarOf = (style: AnswerStyle, demands: Partial<AnswerDemands>, prompt = ""): string =>
  answerGrammar({ style, tools: ALL, thinking: false, ...demands })!.gbnf(prompt);

const TEMPLATES: Record<string, string> = {
  hermes: "<tool_call>",
  "qwen3-coder": "<tool_call><function=",
  mistral: "[TOOL_CALLS]",
  "mistral 2025": "[TOOL_CALLS][ARGS]",
  "command r7b": "<|START_ACTION|>",
  granite: "<|tool_call|>",
  "deepseek 3.1": "<｜tool▁call▁begin｜>",
  "deepseek 3": "<｜tool▁call▁begin｜>```json",
  functionary: ">>>all",
  "functionary 3.1": "<function=",
  lfm2: "<|tool_call_start|>",
  olmo3: "<function_calls>",
  "llama 4": "[func_name1(a=1)]",
  "llama 3": '"name": function name, "parameters": …',
  gemma: "<|tool_call>",
  harmony: "<|start|><|channel|><|message|>",
  "no syntax": "",
};

const schemaOf = (name: string): Record<string, unknown> =>
  new DeclaredTools(ALL).all.find((each) => each.name === name)!.parameters!;

const isThinking = (part: Expected): boolean => typeof part === "object" && "thinking" in part;

interface Call {
  call: string;
  arguments: Record<string, unknown>;
}

/** Answers that the grammar allows, read back. */
function callsOf(style: AnswerStyle, grammar: string, count: number): Call[][] {
  const gbnf = new Gbnf(grammar);
  const random = seededRandom(7);
  return Array.from({ length: count }, () => {
    const text = gbnf.sample(random);
    const read = readPieces(style, [text], { tools: ALL, think: false, constrained: true });
    const parts = read.filter((part) => !isThinking(part));
    const calls = parts.filter((part): part is Call => typeof part === "object" && "call" in part);
    expect([text, parts]).toEqual([text, calls]);
    return calls;
  });
}

const styles: [name: string, style: AnswerStyle][] = [
  ...Object.entries(TEMPLATES).map(([name, template]): [string, AnswerStyle] => [name, styleOf(template)]),
  ...PARSER_NAMES.filter((name) => parserTraits(name)?.tools).map((name): [string, AnswerStyle] => [
    `the parser ${name}`,
    namedStyle(name),
  ]),
];

describe.each(styles)("%s", (_, style) => {
  test("required: one call or more, with arguments by the tool's schema", () => {
    const answers = callsOf(style, grammarOf(style, { toolChoice: "required" }), 60);
    for (const calls of answers) {
      expect(calls.length).toBeGreaterThan(0);
      for (const { call, arguments: args } of calls)
        expect([args, validator(schemaOf(call))(args)]).toEqual([args, true]);
    }
    expect(new Set(answers.flat().map(({ call }) => call)).size).toBe(3);
  });

  test("by name: one call of that tool", () => {
    const answers = callsOf(style, grammarOf(style, { toolChoice: { name: "route" } }), 20);
    expect(answers.map((calls) => calls.map(({ call }) => call))).toEqual(answers.map(() => ["route"]));
  });
});

describe("format", () => {
  const schema = { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] };
  const format = { type: "schema", schema } as const;
  const value = '{"ok": true}';
  const call = '<tool_call>\n{"name": "now", "arguments": {}}\n</tool_call>';
  const style = styleOf(
    "{{ range .Messages }}{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ end }}<tool_call>",
  );
  const allows = (text: string, demands: Partial<AnswerDemands>, prompt = "") =>
    new Gbnf(grammarOf(style, demands, prompt)).matches(text);

  test("alone", () => {
    expect(allows(value, { format, tools: [] })).toBe(true);
    expect(allows(call, { format, tools: [] })).toBe(false);
  });

  test("together with tools, the model chooses", () => {
    expect(allows(value, { format })).toBe(true);
    expect(allows(call, { format })).toBe(true);
    expect(allows("Hello", { format })).toBe(false);
  });

  test("without choice when tools are not to be called", () => {
    expect(allows(call, { format, toolChoice: "none" })).toBe(false);
  });

  test("a call that is required comes before the format", () => {
    expect(allows(value, { format, toolChoice: "required" })).toBe(false);
  });

  test("constrains what follows the thinking", () => {
    const thinking = { format, thinking: true };
    expect(allows(value, thinking)).toBe(true);
    expect(allows(`<think>any {"text" </thin\n</think>\n\n${value}`, thinking)).toBe(true);
    expect(allows(`<think>any</think>${call}`, thinking)).toBe(true);
    expect(allows("<think>any</think>Hello", thinking)).toBe(false);
    expect(allows("<think>any", thinking)).toBe(false);
    expect(allows(`any</think>${value}`, thinking, "<|im_start|>assistant\n<think>\n")).toBe(true);
    expect(allows(value, thinking, "<|im_start|>assistant\n<think>\n")).toBe(false);
    expect(allows(`<think>any</think>${value}`, { format })).toBe(false);
  });

  test("in gpt-oss's channels", () => {
    const harmony = styleOf("<|start|><|channel|><|message|>");
    const gbnf = new Gbnf(grammarOf(harmony, { format }));
    const thought = "<|channel|>analysis<|message|>any<|end|><|start|>assistant";
    expect(gbnf.matches(`<|channel|>final<|message|>${value}`)).toBe(true);
    expect(gbnf.matches(`${thought}<|channel|>final<|message|>${value}`)).toBe(true);
    expect(
      gbnf.matches(`${thought}<|channel|>commentary to=functions.now <|constrain|>json<|message|>{}`),
    ).toBe(true);
    expect(gbnf.matches(value)).toBe(false);
    const begun = new Gbnf(
      grammarOf(harmony, { format }, "<|start|>assistant<|channel|>analysis<|message|>so"),
    );
    expect(begun.matches(` be it<|end|><|start|>assistant<|channel|>final<|message|>${value}`)).toBe(true);
  });

  test("a tool whose schema cannot be enforced takes any object, and says so", () => {
    const tools = [
      { function: { name: "f", parameters: { type: "object", properties: { a: { not: {} } } } } },
    ];
    const grammar = answerGrammar({ style, tools, format, thinking: false });
    expect(grammar?.warnings).toEqual([expect.stringContaining('arguments not enforced: tool "f"')]);
    expect(
      new Gbnf(grammar!.gbnf("")).matches('<tool_call>\n{"name": "f", "arguments": {"b": 1}}\n</tool_call>'),
    ).toBe(true);
    expect(() => answerGrammar({ style, tools, toolChoice: "required", thinking: false })).toThrow(
      'tool "f"',
    );
  });

  test("nothing is demanded", () => {
    expect(answerGrammar({ style, tools: ALL, thinking: true })).toBeUndefined();
  });
});
