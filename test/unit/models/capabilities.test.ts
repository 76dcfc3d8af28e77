import { expect, test } from "bun:test";
import {
  type CapabilityFacts,
  detectCapabilities,
  jinjaTraits,
  type TemplateTraits,
  templateInEffect,
} from "../../../src/models/capabilities.ts";

const none: TemplateTraits = { tools: false, insert: false, thinking: false, toolRoundTrip: false };
const textModel = { poolingType: null, hasVision: false, hasAudio: false };
const facts = (given: Partial<CapabilityFacts>): CapabilityFacts => ({
  declared: [],
  family: "llama",
  weights: textModel,
  projectors: [],
  ...given,
});

test.each<[string, Partial<CapabilityFacts>, string[]]>([
  ["nothing but weights", {}, ["completion"]],
  ["no weights", { weights: undefined }, []],
  ["pooling", { weights: { ...textModel, poolingType: 0 } }, ["embedding"]],
  [
    "vision and audio inside",
    { weights: { ...textModel, hasVision: true, hasAudio: true } },
    ["completion", "vision", "audio"],
  ],
  ["a projector", { projectors: [{ hasAudio: false }] }, ["completion", "vision"]],
  ["a projector that hears", { projectors: [{ hasAudio: true }] }, ["completion", "vision", "audio"]],
  [
    "gemma3nv does not hear",
    { family: "gemma3nv", projectors: [{ hasAudio: true }] },
    ["completion", "vision"],
  ],
  [
    "audio is suppressed",
    { family: "nemotron_h_omni", projectors: [{ hasAudio: true }] },
    ["completion", "vision"],
  ],
  ["gpt-oss thinks", { family: "gptoss" }, ["completion", "thinking"]],
  ["declared, once", { declared: ["tools", "completion", "nonsense"] }, ["completion", "tools"]],
  [
    "a TEMPLATE",
    { go: { ...none, tools: true, insert: true, thinking: true } },
    ["completion", "tools", "insert", "thinking"],
  ],
  [
    "a Jinja template",
    { jinja: { ...none, tools: true, thinking: true } },
    ["tools", "thinking", "completion"],
  ],
  [
    "a TEMPLATE hides a lesser Jinja template",
    { go: { ...none, insert: true, tools: true }, jinja: { ...none, thinking: true } },
    ["completion", "tools", "insert"],
  ],
])("capabilities: %s", (_what, given, expected) => {
  expect(detectCapabilities(facts(given))).toEqual(expected as never);
});

const tools = { ...none, tools: true };
test.each<[string, TemplateTraits | undefined, TemplateTraits | undefined, string | undefined]>([
  ["neither", undefined, undefined, undefined],
  ["only Jinja", undefined, none, "jinja"],
  ["only a TEMPLATE", none, undefined, "go"],
  ["equal", none, none, "go"],
  ["Jinja can do more", none, tools, "jinja"],
  [
    "but only the TEMPLATE renders tool results",
    { ...tools, toolRoundTrip: true },
    { ...tools, thinking: true },
    "go",
  ],
  ["equal, and only Jinja renders tool results", tools, { ...tools, toolRoundTrip: true }, "jinja"],
  [
    "equal, both render tool results",
    { ...tools, toolRoundTrip: true },
    { ...tools, toolRoundTrip: true },
    "go",
  ],
])("template in effect: %s", (_what, go, jinja, expected) => {
  expect(templateInEffect(go, jinja)).toBe(expected as never);
});

test.each<[string, Partial<TemplateTraits>]>([
  ["{{ messages }}", {}],
  ["{% if tools %}", { tools: true }],
  ["<tool_call>", { tools: true }],
  ["{{ '<think>' }}…{{ '</think>' }}", { thinking: true }],
  ["content.split('</think>')[-1]", { thinking: true }],
  ["content.split('</think>') reasoning_content", {}],
  ["content.split('</think>') <SPECIAL_12>", {}],
  ["message.tool_calls … message.role == 'tool'", { tools: true, toolRoundTrip: true }],
])("Jinja traits of %s", (template, expected) => {
  expect(jinjaTraits(template)).toEqual({ ...none, ...expected });
});
