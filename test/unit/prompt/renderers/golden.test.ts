import { describe, expect, test } from "bun:test";
import type { ToolDefinition } from "../../../../src/intent/message.ts";
import { isRecord } from "../../../../src/lib/is-record.ts";
import { renderByName } from "../../../../src/prompt/renderers/index.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import {
  recordedRenderers,
  recordedTexts,
  type Scenario,
  scenarios,
  sorted,
} from "../../../support/renderer-golden.ts";

/** What Go's JSON escapes in texts, and nobody else. */
const unescaped = (text: string): string =>
  text.replaceAll("\\u003c", "<").replaceAll("\\u003e", ">").replaceAll("\\u0026", "&");

/** A schema in the form that Ollama's types give it: what is below `items` is a map, and an empty description is none. */
function inGo(schema: Record<string, unknown>, deep: boolean): Record<string, unknown> {
  const entries = Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
    if (key === "description" && value === "") return [];
    if (key === "items" || (deep && key === "properties")) return [[key, sorted(value)]];
    if (key !== "properties" || !isRecord(value)) return [[key, value]];
    return [
      [
        key,
        Object.fromEntries(
          Object.entries(value).map(([name, each]) => [name, isRecord(each) ? inGo(each, deep) : each]),
        ),
      ],
    ];
  });
  return Object.fromEntries(entries);
}

/** @param deep Qwen3-Coder's renderer prints the keys of a parameter as Go maps. */
function toolInGo(tool: ToolDefinition, deep: boolean): ToolDefinition {
  const { function: described } = tool;
  if (!isRecord(described)) return tool;
  const { parameters, ...rest } = inGo(described, false);
  if (!isRecord(parameters) || !isRecord(parameters.properties))
    return { ...tool, function: { ...rest, parameters } };
  const properties = Object.entries(parameters.properties).map(([name, each]) => [
    name,
    isRecord(each) ? inGo(each, deep) : each,
  ]);
  return {
    ...tool,
    function: {
      ...rest,
      parameters: { ...inGo(parameters, false), properties: Object.fromEntries(properties) },
    },
  };
}

/** The conversation with the order of keys and the omissions of Ollama's types. */
const scenarioInGo = ({ messages, tools, think }: Scenario, deep: boolean): Scenario => ({
  think,
  tools: tools.map((tool) => toolInGo(tool, deep)),
  messages: messages.map((message) => ({
    ...message,
    ...(message.toolCalls && {
      toolCalls: message.toolCalls.map((call) => ({
        ...call,
        arguments: Object.fromEntries(
          Object.entries(call.arguments).map(([key, value]) => [key, sorted(value)]),
        ),
      })),
    }),
  })),
});

/** Where Ollama's text is one that no model has been taught (docs/behaviour). */
const DIFFERENT: Record<string, readonly string[]> = {
  // `<nil>`, Go's way of printing nothing, where FunctionGemma knows null.
  functiongemma: ["tool_typed_args"],
};

/** Scenarios whose text differs by nothing but the order of keys, escapes or an empty description. */
const JSON_ONLY = [
  "tools_nested_schema",
  "tools_unicode_schema",
  "tools_two",
  "tool_typed_args",
  "tool_call_no_args",
  "tool_two_steps_thinking",
];

const clock = new FakeClock();
const today = new Date(clock.now()).toLocaleDateString("sv-SE");
const render = (name: string, scenario: Scenario, addsBos = false): string =>
  renderByName(name, { ...scenario, clock }, addsBos) ?? "no such renderer";

describe.each(recordedRenderers())("%s", (name) => {
  const texts = [...recordedTexts(name)].map(
    ([scenario, text]) => [scenario, text.replaceAll("{{TODAY}}", today)] as const,
  );

  test.each(texts)("%s: Ollama's text", (scenario, text) => {
    const given = scenarios().get(scenario)!;
    const made = render(name, scenarioInGo(given, name === "qwen3-coder"));
    if (DIFFERENT[name]?.includes(scenario)) expect(made).not.toBe(text);
    else expect(made).toBe(unescaped(text));
  });

  test("what a client sends is not reordered, escaped or left out", () => {
    for (const [scenario, text] of texts) {
      const made = render(name, scenarios().get(scenario)!);
      if (!JSON_ONLY.includes(scenario)) expect(made).toBe(text);
      expect(made).not.toContain("\\u003c");
    }
  });
});
