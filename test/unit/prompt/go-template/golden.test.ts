import { describe, expect, test } from "bun:test";
import { GoTemplateError } from "../../../../src/prompt/go-template/error.ts";
import { executeGoTemplate } from "../../../../src/prompt/go-template/execute.ts";
import { goChatTemplate, renderGoChat } from "../../../../src/prompt/go-template/go-render.ts";
import { parseGoTemplate } from "../../../../src/prompt/go-template/parser.ts";
import type { GoValue } from "../../../../src/prompt/go-template/value.ts";
import { chatGolden, conversations, formatText, languageGolden } from "../../../golden/go-template/golden.ts";
import { noon } from "../jinja/noon.ts";

/** What a run gave: text, or the whole error text. Anything but a GoTemplateError fails the test. */
function outcome(run: () => string): { output: string; error?: string } {
  try {
    return { output: run() };
  } catch (error) {
    if (!(error instanceof GoTemplateError)) throw error;
    return { output: "", error: error.message };
  }
}

const render = (template: string, data: GoValue) =>
  outcome(() => executeGoTemplate(parseGoTemplate(template), data, noon));

for (const file of ["language", "functions", "errors"]) {
  describe(`as Go renders: ${file}`, async () => {
    for (const { template, data, value, output, error } of await languageGolden(file)) {
      test(`${data}: ${template}`, () => {
        expect(render(template, value)).toEqual(error === undefined ? { output } : { output, error });
      });
    }
  });
}

/** Parts of tools and calls that Go prints in its own way, and that are JSON here (docs/behaviour: differences). */
const GO_AND_JSON: readonly [go: string, json: string][] = [
  ["|[city]|", '|["city"]|'],
  ["|[sides]|", '|["sides"]|'],
  [" [loud] ", ' ["loud"] '],
  [" [celsius fahrenheit] ", ' ["celsius","fahrenheit"] '],
  [" map[type:string] ", ' {"type":"string"} '],
  ["nested=map[a:<nil> b:[1 2.5 x]]", 'nested={"a":null,"b":[1,2.5,"x"]}'],
];
const inJson = (text: string): string =>
  GO_AND_JSON.reduce((all, [go, json]) => all.replaceAll(go, json), text);

describe("as Go renders: chat formats", async () => {
  const all = await conversations();
  for (const { format, conversation, output, error } of await chatGolden()) {
    test(`${format}: ${conversation}`, async () => {
      const found = all.find(({ name }) => name === conversation)!;
      const template = goChatTemplate(await formatText(format));
      const { messages, tools, think } = found;
      const context = { clock: noon, ...(tools && { tools }), ...(think !== undefined && { think }) };
      const text = inJson(output);
      const expected = error === undefined ? { output: text } : { output: text, error };
      expect(outcome(() => renderGoChat(template, messages, context))).toEqual(expected);
    });
  }
});

test("every part of a tool and of a call prints as JSON", () => {
  const tools = [
    {
      type: "function",
      function: {
        name: "f",
        parameters: {
          type: "object",
          $defs: { d: { type: ["string", "null"] } },
          properties: {
            city: { type: "string", enum: ["a", 1, null], description: "Where" },
            list: { type: "array", items: { type: "object", properties: { x: { type: "integer" } } } },
            any: { anyOf: [{ type: "string" }, { type: "number" }] },
          },
        },
      },
    },
  ];
  const calls = [{ id: "1", name: "f", arguments: { list: [{ x: 1 }], city: { b: [true], a: null } } }];
  const print = (path: string) =>
    renderGoChat(
      goChatTemplate(
        `{{ range .Tools }}{{ with .Function }}${path}{{ end }}{{ end }}{{ range .Messages }}{{ range .ToolCalls }}{{ end }}{{ end }}`,
      ),
      [{ role: "user", content: "" }],
      { clock: noon, tools },
    );
  const called = (path: string) =>
    renderGoChat(
      goChatTemplate(`{{ range .Messages }}{{ with .ToolCalls }}${path}{{ end }}{{ end }}`),
      [{ role: "assistant", content: "", toolCalls: calls }],
      { clock: noon },
    );
  const properties = tools[0]!.function.parameters.properties;
  for (const [path, value] of [
    ["{{ .Parameters.Properties }}", properties],
    ["{{ .Parameters.Properties.city }}", { type: "string", description: "Where", enum: ["a", 1, null] }],
    ["{{ .Parameters.Properties.city.Enum }}", ["a", 1, null]],
    ["{{ .Parameters.Properties.list.Items }}", properties.list.items],
    ["{{ .Parameters.Properties.list.Items.properties.x }}", { type: "integer" }],
    ["{{ .Parameters.Properties.any.AnyOf }}", properties.any.anyOf],
    ["{{ index .Parameters.Properties.any.AnyOf 0 }}", { type: "string" }],
    ["{{ .Parameters.Defs }}", { d: { type: ["string", "null"] } }],
    ["{{ .Parameters.Required }}", []],
  ] as const) {
    expect([path, JSON.parse(print(path))]).toEqual([path, value]);
  }
  expect(JSON.parse(print("{{ .Parameters }}"))).toMatchObject({ type: "object", properties });
  const shown = { name: "f", arguments: calls[0]!.arguments };
  expect(JSON.parse(called("{{ . }}"))).toEqual([{ function: shown }]);
  expect(JSON.parse(called("{{ (index . 0).Function }}"))).toEqual(shown);
  expect(JSON.parse(called("{{ (index . 0).Function.Arguments.list }}"))).toEqual([{ x: 1 }]);
  expect(called("{{ (index . 0).Function.Arguments.city }}")).toBe('{"b":[true],"a":null}');
});
