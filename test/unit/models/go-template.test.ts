import { expect, test } from "bun:test";
import { checkGoTemplate, goTemplateTraits } from "../../../src/models/go-template.ts";

const none = { tools: false, insert: false, thinking: false };

test.each([
  ["{{ .Prompt }}", none],
  ["{{ if .Tools }}{{ .Tools }}{{ end }}", { ...none, tools: true }],
  ["{{ .Prompt }}<FIM>{{ .Suffix }}", { ...none, insert: true }],
  [
    '{{ range .Messages }}{{ if eq .Role "tool" }}{{ .Content }}{{ end }}{{ range .ToolCalls }}{{ . }}{{ end }}{{ end }}',
    none,
  ],
  ["{{ range .Messages }}{{ range .ToolCalls }}{{ . }}{{ end }}{{ end }}", none],
  [
    "{{ range .Messages }}{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ end }}",
    { ...none, thinking: true },
  ],
  ["{{ unclosed", none],
])("traits of %s", (template, expected) => {
  expect(goTemplateTraits(template)).toEqual(expected);
});

test.each([
  ["{{ .Prompt }}", undefined],
  ["{{ .Prompt", "template: :1: unclosed action"],
  ["{{ foo }}", 'template: :1: function "foo" not defined'],
])("checking %s", (template, expected) => {
  expect(checkGoTemplate(template)).toBe(expected);
});
