import { describe, expect, test } from "bun:test";
import type { Think } from "../../../../src/intent/generate.ts";
import type { Message } from "../../../../src/intent/message.ts";
import {
  goChatTemplate,
  renderGoChat,
  renderGoSuffix,
} from "../../../../src/prompt/go-template/go-render.ts";
import { noon } from "../jinja/noon.ts";

const say = (role: string, content: string, more: Partial<Message> = {}): Message => ({
  role,
  content,
  ...more,
});
const render = (template: string, messages: Message[], think?: Think): string =>
  renderGoChat(goChatTemplate(template), messages, { clock: noon, ...(think !== undefined && { think }) });

const BRACKETS = "{{ if .System }}[{{ .System }}]{{ end }}<{{ .Prompt }}>{{ .Response }}</>";

describe("one turn at a time", () => {
  const cases: [string, string, Message[], string][] = [
    [
      "turns, the last one open",
      BRACKETS,
      [say("system", "S"), say("user", "U1"), say("assistant", "A1"), say("user", "U2")],
      "[S]<U1>A1</><U2>",
    ],
    ["prefill", BRACKETS, [say("user", "U1"), say("assistant", "A1")], "<U1>A1"],
    [
      "a later system text, a tool message",
      "{{.System}}|{{.Prompt}}|{{.Response}}",
      [say("user", "U1"), say("user", "U2"), say("system", "S2"), say("tool", "T")],
      "|U1\n\nU2|S2||",
    ],
    ["no messages", BRACKETS, [], "<>"],
    [
      "no .Response in the template",
      "<{{ .Prompt }}>",
      [say("user", "U"), say("assistant", "A"), say("user", "V")],
      "<U>A<V>",
    ],
    [
      "prompts around a tool message",
      BRACKETS,
      [say("user", "U1"), say("tool", "T"), say("user", "U2")],
      "<U1\n\nU2>",
    ],
    [
      "answers of which one has calls",
      BRACKETS,
      [
        say("user", "U"),
        say("assistant", "A", { toolCalls: [{ name: "x", arguments: {} }] }),
        say("assistant", "B"),
      ],
      "<U>A\n\nB",
    ],
    [
      "functions in the open turn",
      "{{ currentDate }} {{ json .Prompt }} {{ .Response }}.",
      [say("user", "<")],
      '2024-03-01 "\\u003c" ',
    ],
    [
      "cut inside if",
      "{{ .Prompt }}{{ if .Response }}{{ .Response }}<end>{{ end }}<end>",
      [say("user", "U")],
      "U",
    ],
    [
      "both branches are cut, each by itself",
      "{{ if .System }}S{{ .Response }}x{{ else }}P{{ .Response }}y{{ end }}z",
      [say("user", "U")],
      "P",
    ],
    [
      "a branch without .Response is whole",
      "{{ if .System }}S{{ .Response }}x{{ else }}P{{ end }}z",
      [say("user", "U")],
      "P",
    ],
    [
      "a test of .Response does not cut",
      "{{ if not .Response }}open {{ end }}{{ .Prompt }}{{ .Response }}!",
      [say("user", "U")],
      "open U",
    ],
    ["by way of $", "{{ .Prompt }}{{ $.Response }}!", [say("user", "U")], "U"],
    [
      "the default",
      "{{ .Prompt }}",
      [say("system", "S"), say("user", "U"), say("assistant", "A"), say("user", "V")],
      "UAV",
    ],
  ];
  test.each(cases)("%s", (_, template, messages, expected) => {
    expect(render(template, messages)).toBe(expected);
  });
});

describe("all messages at once", () => {
  test("system texts stay in place and are in .System as well; neighbours are merged", () => {
    const template =
      "{{ .System }}:{{ range .Messages }}[{{ .Role }} {{ .Content }}]{{ end }}{{ .Response }}";
    const messages = [say("system", "a"), say("user", "1"), say("user", "2"), say("system", "b")];
    expect(render(template, messages)).toBe("a\n\nb:[system a][user 1\n\n2][system b]");
  });

  test("the three forms of a template give one text", () => {
    const messages = [say("system", "S"), say("user", "U1"), say("assistant", "A1"), say("user", "U2")];
    const whole =
      '{{ range .Messages }}{{ if eq .Role "assistant" }}{{ .Content }}</s>{{ else }}<{{ .Role }}>{{ .Content }}{{ end }}{{ end }}';
    const turn = "{{ if .System }}<system>{{ .System }}{{ end }}{{ if .Prompt }}<user>{{ .Prompt }}{{ end }}";
    expect(render(`${turn}{{ .Response }}</s>`, messages)).toBe(render(whole, messages));
    expect(render(turn, messages)).toBe(render(whole, messages).replace("</s>", ""));
  });

  test.each<[Think | undefined, string]>([
    [undefined, "false||false"],
    [false, "false||true"],
    [true, "true|medium|true"],
    ["low", "true|low|true"],
    ["max", "true|max|true"],
  ])("think %p", (think, expected) => {
    const values = "{{ .Think }}|{{ .ThinkLevel }}|{{ .IsThinkSet }}";
    expect(render(`{{ range .Messages }}{{ end }}${values}`, [], think)).toBe(expected);
    expect(render(`${values}{{ .Response }}`, [], think)).toBe(expected);
  });

  test("calls and thinking of neighbours survive", () => {
    const template =
      "{{ range .Messages }}({{ .Thinking }}{{ range .ToolCalls }}{{ .Function.Name }}{{ end }}{{ .Content }}){{ end }}";
    const messages = [
      say("assistant", "a", { thinking: "hm " }),
      say("assistant", "", { toolCalls: [{ name: "roll", arguments: {} }] }),
      say("assistant", "b"),
    ];
    expect(render(template, messages)).toBe("(hm a)(roll)(b)");
  });
});

describe("tools", () => {
  const context = { clock: noon };
  const fn = {
    name: "f",
    parameters: { type: "object", properties: { z: { type: "string", title: "Z" }, a: {} } },
  };
  const tools = [{ type: "function", function: fn }];
  const template = (text: string) => goChatTemplate(`{{ range .Messages }}{{ end }}${text}`);

  test("properties and arguments keep the client's order, printed and ranged over", () => {
    const walk =
      "{{ range .Tools }}{{ range $k, $v := .Function.Parameters.Properties }}{{ $k }}{{ end }} {{ .Function }}{{ end }}";
    expect(renderGoChat(template(walk), [], { ...context, tools })).toBe(
      'za {"name":"f","description":"","parameters":{"type":"object","properties":{"z":{"type":"string"},"a":{}}}}',
    );
    const args =
      "{{ range .Messages }}{{ range .ToolCalls }}{{ .Function.Arguments }}{{ range $k, $v := .Function.Arguments }}{{ $k }}{{ end }}{{ end }}{{ end }}";
    const call = say("assistant", "", { toolCalls: [{ name: "f", arguments: { z: 1, a: { y: 1, b: 2 } } }] });
    expect(renderGoChat(goChatTemplate(args), [call], context)).toBe('{"z":1,"a":{"y":1,"b":2}}za');
  });

  test("none is nil, an empty list is empty", () => {
    expect(renderGoChat(template("{{ .Tools }}"), [], context)).toBe("null");
    expect(renderGoChat(template("{{ .Tools }}"), [], { ...context, tools: [] })).toBe("[]");
  });

  test.each([
    [{}, '{"type":"","function":{"name":"","description":"","parameters":{"type":"","properties":{}}}}'],
    [
      { type: 1, function: "x" },
      '{"type":"","function":{"name":"","description":"","parameters":{"type":"","properties":{}}}}',
    ],
    [
      {
        type: "function",
        items: [1],
        function: { name: "n", parameters: { $defs: { a: 1 }, required: ["q"], properties: [] } },
      },
      '{"type":"function","items":[1],"function":{"name":"n","description":"","parameters":{"type":"","$defs":{"a":1},"required":["q"],"properties":{}}}}',
    ],
  ])("a definition of unexpected shape renders what it has: %j", (definition, expected) => {
    const text = renderGoChat(template("{{ range .Tools }}{{ . }}{{ end }}"), [], {
      ...context,
      tools: [definition],
    });
    expect(text).toBe(expected);
  });
});

test("suffix mode runs the template once, without messages", () => {
  const template = goChatTemplate("<PRE> {{ .Prompt }} <SUF>{{ .Suffix }} <MID>{{ .Response }}");
  expect(renderGoSuffix(template, "a(", ")", { clock: noon })).toBe("<PRE> a( <SUF>) <MID>");
});

test("a text is parsed once", () => {
  expect(goChatTemplate("{{ .Prompt }} once")).toBe(goChatTemplate("{{ .Prompt }} once"));
});
