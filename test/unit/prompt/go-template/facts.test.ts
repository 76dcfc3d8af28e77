import { describe, expect, test } from "bun:test";
import { GoTemplateError, templateFacts } from "../../../../src/prompt/go-template/index.ts";
import { formatText } from "../../../golden/go-template/golden.ts";

describe("identifiers", () => {
  test.each([
    ["{{ .Prompt }}", ["prompt"]],
    ["{{ $x := .A.B }}{{ $x.C }}", ["a", "b", "$x", "c"]],
    ["{{ range $i, $m := .Messages }}{{ end }}", ["messages"]],
    ["{{ if (index .L 0).Name }}{{ end }}", ["l", "name"]],
    ['{{ define "t" }}{{ .Tools }}{{ end }}{{ template "t" .X }}', ["tools", "x"]],
    ["{{ with .A }}{{ else with .B }}{{ else }}{{ .C }}{{ end }}", ["a", "b", "c"]],
    ["{{ print .A (len $.B) | printf .C }}", ["a", "b", "$", "c"]],
    [".Messages in text {{/* .Tools */}}", []],
  ])("%s", (template, expected) => {
    expect([...templateFacts(template).identifiers].toSorted()).toEqual(expected.toSorted());
  });

  test("mentions", () => {
    const facts = templateFacts("{{ .Tools }}{{ .suffix }}{{ $.Response }}{{ range .MESSAGES }}{{ end }}");
    expect(facts).toMatchObject({ tools: true, suffix: true, response: true, messages: true });
    expect(templateFacts("x")).toMatchObject({
      tools: false,
      suffix: false,
      response: false,
      messages: false,
    });
  });

  test("text that does not parse", () => {
    expect(() => templateFacts("{{")).toThrow(GoTemplateError);
  });
});

describe("tool-call tag", () => {
  const calls = (text: string): string => `{{ range .Messages }}${text}{{ end }}`;
  test.each([
    ['{{ if .ToolCalls }}<tool_call>\n{"name": "{{ .x }}"}{{ end }}', "<tool_call>"],
    ['{{ if .ToolCalls }}[TOOL_CALLS] [{{ range .ToolCalls }}{"name"{{ end }}{{ end }}', "[TOOL_CALLS] ["],
    ['{{ if .ToolCalls }}{"name": {{ end }}', "{"],
    ['{{ if .ToolCalls }}  {{ range .ToolCalls }}\n<call>{"n"{{ end }}{{ end }}', "<call>"],
    ["{{ if .ToolCalls }}{{ .Content }}<late>{{ end }}", "{"],
    ["{{ if .ToolCalls }}{{ $x := 1 }}<after a declaration>{{ end }}", "<after a declaration>"],
    ["{{ if .Content }}a{{ else if .ToolCalls }}<in else>{{ end }}", "<in else>"],
    ["{{ if and .Role .ToolCalls }}<with and>{{ end }}", "<with and>"],
    ["{{ if $.ToolCalls }}<by dollar>{{ end }}", "<by dollar>"],
    ["{{ if .ToolCalls }}{{ end }}<outside>", "{"],
    ["no calls at all", "{"],
  ])("%s", (template, tag) => {
    expect(templateFacts(calls(template)).toolCallTag).toBe(tag);
  });
});

describe("thinking tags", () => {
  const inMessages = (text: string): string => `{{ range .Messages }}${text}{{ end }}`;
  test.each<[string, { open: string; close: string } | undefined]>([
    [
      inMessages("{{ if .Thinking }}<think>\n{{ .Thinking }}\n</think>\n{{ end }}"),
      { open: "<think>", close: "</think>" },
    ],
    [
      "{{ range $i, $_ := .Messages }}{{ if .Thinking }}[T]{{ .Thinking }}[/T]{{ end }}{{ end }}",
      { open: "[T]", close: "[/T]" },
    ],
    [
      inMessages("<role>{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ .Content }}<end>"),
      { open: "<think>", close: "</think>" },
    ],
    [inMessages("<a>{{ if .Thinking }}{{ .Thinking }}{{ end }}</a>"), { open: "<a>", close: "</a>" }],
    [inMessages("{{ if .Thinking }}<think>{{ .Thinking }}{{ end }}"), undefined],
    [inMessages("{{ .Thinking }}"), undefined],
    ["<think>{{ .Thinking }}</think>", undefined],
    ["{{ range .Other }}<think>{{ .Thinking }}</think>{{ end }}", undefined],
    [inMessages("{{ range .ToolCalls }}<think>{{ .Thinking }}</think>{{ end }}"), undefined],
    ["{{ range $m := .Messages }}<think>{{ $m.Thinking }}</think>{{ end }}", undefined],
    ["{{ range $.Messages }}<think>{{ .Thinking }}</think>{{ end }}", undefined],
  ])("%s", (template, tags) => {
    expect(templateFacts(template).thinking).toEqual(tags);
  });
});

test.each([
  ["qwen.tmpl", { toolCallTag: "<tool_call>", thinking: { open: "<think>", close: "</think>" } }],
  ["deepseek.tmpl", { toolCallTag: "{", thinking: { open: "<think>", close: "</think>" } }],
  [
    "granite.tmpl",
    { toolCallTag: "<|start_of_role|>assistant<|end_of_role|><|tool_call|>", thinking: undefined },
  ],
  ["mistral.tmpl", { toolCallTag: "[TOOL_CALLS] [", thinking: undefined }],
  ["llama3.tmpl", { toolCallTag: "{", thinking: undefined }],
])("facts of %s", async (format, expected) => {
  expect(templateFacts(await formatText(format))).toMatchObject(expected);
});
