import { expect, test } from "bun:test";
import {
  type CapabilityFacts,
  detectCapabilities,
  type EffectiveTemplate,
  jinjaTraits,
  type TemplateTraits,
  templateInEffect,
} from "../../../src/models/capabilities.ts";

const none: TemplateTraits = { tools: false, insert: false, thinking: false };
const textModel = { poolingType: null, fillsMiddle: false, ranks: false };
const facts = (given: Partial<CapabilityFacts>): CapabilityFacts => ({
  declared: [],
  family: "llama",
  weights: textModel,
  ...given,
});

test.each<[string, Partial<CapabilityFacts>, string[]]>([
  ["nothing but weights", {}, ["completion"]],
  ["no weights", { weights: undefined }, []],
  ["pooling", { weights: { ...textModel, poolingType: 0 } }, ["embedding"]],
  ["a ranking head", { weights: { ...textModel, ranks: true } }, ["rerank"]],
  ["pooled by its ranking head", { weights: { ...textModel, poolingType: 4, ranks: true } }, ["rerank"]],
  ["pooled by a head that it does not have", { weights: { ...textModel, poolingType: 4 } }, []],
  [
    "tokens to fill in the middle",
    { weights: { ...textModel, fillsMiddle: true } },
    ["completion", "insert"],
  ],
  ["gpt-oss thinks", { family: "gptoss" }, ["completion", "thinking"]],
  [
    "declared, once",
    { declared: ["tools", "completion", "vision", "audio", "image", "nonsense"] },
    ["completion", "tools"],
  ],
  [
    "a TEMPLATE",
    { template: { type: "go", traits: { tools: true, insert: true, thinking: true } } },
    ["completion", "tools", "insert", "thinking"],
  ],
  [
    "a Jinja template",
    { template: { type: "jinja", traits: { ...none, tools: true, thinking: true } } },
    ["tools", "thinking", "completion"],
  ],
  ["a parser", { parser: "qwen3.5" }, ["completion", "tools", "thinking"]],
  ["a parser of thoughts", { parser: "olmo3-think" }, ["completion", "thinking"]],
  ["a parser that there is not", { parser: "constructor" }, ["completion"]],
  [
    "a renderer instead of templates, but for a gap",
    {
      renderer: "qwen3-coder",
      template: { type: "go", traits: { tools: true, insert: true, thinking: true } },
    },
    ["completion", "insert"],
  ],
  [
    "a renderer instead of the GGUF's template",
    {
      renderer: "lfm2",
      parser: "lfm2",
      template: { type: "jinja", traits: { ...none, thinking: true } },
    },
    ["completion", "tools"],
  ],
])("capabilities: %s", (_what, given, expected) => {
  expect(detectCapabilities(facts(given))).toEqual(expected as never);
});

const tools = { ...none, tools: true };
const go = { type: "go", traits: none } as const;
const jinja = { type: "jinja", traits: tools } as const;
test.each<
  [string, TemplateTraits | undefined, TemplateTraits | undefined, boolean, EffectiveTemplate | undefined]
>([
  ["neither", undefined, undefined, true, undefined],
  ["only Jinja", undefined, tools, true, jinja],
  ["only a TEMPLATE", none, undefined, true, go],
  ["only a TEMPLATE, Jinja preferred", none, undefined, false, go],
  ["both: the TEMPLATE, although Jinja can do more", none, tools, true, go],
  ["both, Jinja preferred", none, tools, false, jinja],
])("template in effect: %s", (_what, ofGo, ofJinja, preferGo, expected) => {
  expect(templateInEffect(ofGo, ofJinja, preferGo)).toEqual(expected);
});

test.each<[string, Partial<TemplateTraits>]>([
  ["{{ messages }}", {}],
  ["{% if tools %}", { tools: true }],
  ["<tool_call>", { tools: true }],
  ["{{ '<think>' }}…{{ '</think>' }}", { thinking: true }],
  ["content.split('</think>')[-1]", { thinking: true }],
  ["content.split('</think>') reasoning_content", {}],
  ["content.split('</think>') <SPECIAL_12>", {}],
  ["message.tool_calls … message.role == 'tool'", { tools: true }],
])("Jinja traits of %s", (template, expected) => {
  expect(jinjaTraits(template)).toEqual({ ...none, ...expected });
});
