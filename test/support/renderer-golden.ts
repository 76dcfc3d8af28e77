import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Think } from "../../src/intent/generate.ts";
import type { Message, ToolDefinition } from "../../src/intent/message.ts";
import { isRecord } from "../../src/lib/is-record.ts";

const FOLDER = join(import.meta.dir, "../golden/renderers");
const SUFFIX = ".golden.json";

/** A message as Ollama's API has it. */
interface WireMessage {
  role: string;
  content: string;
  thinking?: string;
  images?: string[];
  tool_name?: string;
  tool_call_id?: string;
  tool_calls?: { id?: string; function: { name: string; arguments: Record<string, unknown> } }[];
}

export interface Scenario {
  messages: Message[];
  tools: ToolDefinition[];
  think: Think | undefined;
}

interface Recorded {
  /** Beginnings that several texts share, by the mark that stands for them. */
  heads: Record<string, string>;
  results: { scenarios: string[]; text: string }[];
}

const read = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name + SUFFIX), "utf8"));

/** Values below the first level by sorted keys, as a Go map prints them. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, sorted(each)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function messageOf(wire: WireMessage): Message {
  const { tool_calls: calls, tool_name: toolName, tool_call_id: toolCallId, ...same } = wire;
  return {
    ...same,
    ...(toolName !== undefined && { toolName }),
    ...(toolCallId !== undefined && { toolCallId }),
    ...(calls && { toolCalls: calls.map(({ id, function: call }) => ({ ...(id && { id }), ...call })) }),
  };
}

/** The conversations that Ollama's renderers were given, by name; those of the last scenarios are texts of 0.17.4, which has half of the families. */
export function scenarios(): Map<string, Scenario> {
  const { tools, scenarios: all } = read("scenarios") as {
    tools: Record<string, ToolDefinition[]>;
    scenarios: Record<string, { messages: WireMessage[]; tools?: string; think?: Think }>;
  };
  return new Map(
    Object.entries(all).map(([name, { messages, tools: set, think }]) => [
      name,
      { messages: messages.map(messageOf), tools: set === undefined ? [] : tools[set]!, think },
    ]),
  );
}

/** Names of the renderers whose texts were recorded. */
export const recordedRenderers = (): string[] =>
  readdirSync(FOLDER)
    .map((file) => file.slice(0, -SUFFIX.length))
    .filter((name) => name !== "scenarios");

/** What Ollama's renderer made of each scenario. */
export function recordedTexts(renderer: string): Map<string, string> {
  const { heads, results } = read(renderer) as Recorded;
  const whole = (text: string): string => {
    const mark = Object.keys(heads).find((each) => text.startsWith(each));
    return mark === undefined ? text : heads[mark]! + text.slice(mark.length);
  };
  return new Map(
    results.flatMap(({ scenarios: names, text }) => names.map((name) => [name, whole(text)] as const)),
  );
}
