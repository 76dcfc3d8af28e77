import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBinary } from "../../../../native/runner/binary.ts";
import type { Think } from "../../../../src/intent/generate.ts";
import type { Message, ToolDefinition } from "../../../../src/intent/message.ts";
import { systemClock } from "../../../../src/lib/clock.ts";
import { AppError } from "../../../../src/lib/errors.ts";
import { jinjaAbilities } from "../../../../src/prompt/jinja/abilities.ts";
import { jinjaMessages } from "../../../../src/prompt/jinja/messages.ts";
import { strftime } from "../../../../src/prompt/jinja/strftime.ts";
import { jinjaTemplate } from "../../../../src/prompt/jinja/template.ts";
import { cloneLlama, llamaTemplates } from "../../../support/llama-source.ts";

/** Our Jinja against llama.cpp's own renderer, on the templates that llama.cpp is tested with, variable for variable. */

interface Addon {
  AddonJinjaRenderer: new (template: string) => { render(variables: Record<string, unknown>): string };
}

interface Conversation {
  name: string;
  messages: readonly Message[];
  tools?: readonly ToolDefinition[];
  think?: Think;
}

const TOOLS: readonly ToolDefinition[] = [
  {
    type: "function",
    function: {
      name: "get_weather",
      description: 'Weather "now" <in> a city\'s & é',
      parameters: {
        type: "object",
        properties: {
          city: { type: "string", description: "The city" },
          days: { type: "integer", default: 3, enum: [1, 3] },
        },
        required: ["city"],
      },
    },
  },
  {
    type: "function",
    function: { name: "now", description: "The time", parameters: { type: "object", properties: {} } },
  },
];

const system: Message = { role: "system", content: "Be brief." };
const hi: Message = { role: "user", content: ' Hi, "you" — é? ' };
const hello: Message = { role: "assistant", content: "Hello." };
const ask: Message = { role: "user", content: "Weather in Paris?" };
const call: Message = {
  role: "assistant",
  content: "",
  toolCalls: [{ name: "get_weather", arguments: { city: "Paris", days: 2, deep: { a: [1.5, true, null] } } }],
};
const result: Message = { role: "tool", content: '{"t": 20}', toolName: "get_weather" };
const answer: Message = { role: "assistant", content: "20." };

const CONVERSATIONS: readonly Conversation[] = [
  { name: "user", messages: [hi] },
  { name: "system", messages: [system, hi] },
  { name: "turns", messages: [system, hi, hello, ask] },
  { name: "tools", messages: [system, ask], tools: TOOLS },
  { name: "tool call", messages: [system, ask, call], tools: TOOLS },
  { name: "tool result", messages: [ask, call, result], tools: TOOLS },
  { name: "after a tool", messages: [ask, call, result, answer, hi], tools: TOOLS },
  { name: "thinking", messages: [hi, { ...hello, thinking: "He greets." }, ask], think: true },
  { name: "no thinking", messages: [hi], think: false },
  { name: "effort", messages: [hi], think: "high" },
];

/** Where the two differ, and why that stays. Everything else is equal; a difference that is gone fails as well. */
const DIFFERENCES: readonly { template: string; conversations: readonly string[]; reason: string }[] = [
  {
    template: "openbmb-MiniCPM5-1B.jinja",
    conversations: ["tool call", "tool result", "after a tool"],
    reason: "a mapping that is printed is Python's text of it, as in Transformers; llama.cpp prints nothing",
  },
  ...["Apriel-1.6-15b-Thinker-fixed.jinja", "unsloth-Apriel-1.5.jinja"].map((template) => ({
    template,
    conversations: ["tools", "tool call", "tool result", "after a tool"],
    reason: "a text with both kinds of quotation marks stands in single ones in Python's text of a mapping",
  })),
];

const BINARY = findBinary("cpu").directory;
const addon = createRequire(import.meta.url)(join(BINARY, "llama-addon.node")) as Addon;

let folder: string;
let templates: ReadonlyMap<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llamero-templates-"));
  await cloneLlama(join(folder, "source"));
  templates = await llamaTemplates(join(folder, "source"));
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

function variablesOf(text: string, { name, messages, tools = [], think }: Conversation) {
  const abilities = jinjaAbilities(text);
  const today = new Date();
  return {
    messages: jinjaMessages(messages, abilities),
    tools: tools.length > 0 ? tools : abilities.noTools,
    documents: null,
    bos_token: "<s>",
    eos_token: "</s>",
    add_generation_prompt: name !== "tool call",
    datetime: strftime(today, "%b %d %Y"),
    date_string: strftime(today, "%d %b %Y"),
    ...(think !== undefined && { enable_thinking: think !== false, thinking: think !== false }),
    ...(typeof think === "string" && { reasoning_effort: think }),
  };
}

/** What is rendered, or that it is refused and, where it is the template that refuses, with which words. */
function outcome(render: () => string): string {
  try {
    return render();
  } catch (error) {
    const { message } = error as Error;
    const words = error instanceof AppError ? message : message.split("Jinja Exception: ")[1];
    return `refused: ${words ?? message}`;
  }
}

test("llama.cpp brings many templates", () => {
  expect(templates.size).toBeGreaterThanOrEqual(40);
});

describe("equal to llama.cpp, but for what is listed", () => {
  for (const conversation of CONVERSATIONS) {
    test(conversation.name, () => {
      const different: string[] = [];
      for (const [name, text] of templates) {
        const variables = variablesOf(text, conversation);
        const ours = outcome(() => jinjaTemplate(text).render(variables, systemClock));
        const theirs = outcome(() => new addon.AddonJinjaRenderer(text).render(variables));
        if (ours !== theirs) different.push(name);
      }
      const listed = DIFFERENCES.filter(({ conversations }) => conversations.includes(conversation.name));
      expect(different.sort()).toEqual(listed.map(({ template }) => template).sort());
    });
  }
});

test("what differs differs as the table says", () => {
  const text = "{{ tool }}|{{ tool | string }}";
  const variables = { tool: { a: [1.5, true, null], b: `it's "so"` } };
  const python = `{'a': [1.5, True, None], 'b': 'it\\'s "so"'}`;
  expect(jinjaTemplate(text).render(variables, systemClock)).toBe(`${python}|${python}`);
  expect(new addon.AddonJinjaRenderer(text).render(variables)).toBe(
    `|{'a': [1.5, True, None], 'b': "it's \\"so\\""}`,
  );
});
