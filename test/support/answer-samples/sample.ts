import type { ToolDefinition } from "../../../src/intent/message.ts";

const tool = (
  name: string,
  properties: Record<string, unknown>,
  required: string[] = [],
): ToolDefinition => ({
  type: "function",
  function: { name, description: name, parameters: { type: "object", properties, required } },
});

const WEATHER = tool(
  "get_weather",
  { city: { type: "string" }, days: { type: "integer" }, metric: { type: "boolean" } },
  ["city"],
);
const TIME = tool("now", {});
export const PYTHON = tool("python", { code: { type: "string" } });
export const TOOLS = [WEATHER, TIME];

/** What a part of an answer is, shortly: text, [thinking], call, or text that comes with a warning. */
export type Expected =
  | string
  | { thinking: string }
  | { call: string; arguments: Record<string, unknown> }
  | { broken: string };

export interface Sample {
  what: string;
  /** Text of the model's template, as much as matters. */
  template: string;
  answer: string;
  parts: Expected[];
  tools?: ToolDefinition[];
}

export const oslo = { call: "get_weather", arguments: { city: "Oslo" } };
export const rome = { call: "get_weather", arguments: { city: "Rome", days: 2 } };
export const now = { call: "now", arguments: {} };

/** A call in JSON. */
export const json = (city: string) => `{"name": "get_weather", "arguments": {"city": "${city}"}}`;

/** Samples of one template. */
export const of = (template: string, samples: Omit<Sample, "template">[]): Sample[] =>
  samples.map((sample) => ({ ...sample, template }));
