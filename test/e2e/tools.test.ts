/** Tool calls of a real model. SmolLM2 knows nothing of tools: what it is made to write is the grammar's doing. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { smollm2 } from "../support/models.ts";
import { createModel, startServer, type TestServer } from "../support/server.ts";
import { validator } from "../support/validator.ts";

const LIMIT_MS = 240_000;

const HERMES = `{{ range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}{{ range .ToolCalls }}<tool_call>
{"name": "{{ .Function.Name }}", "arguments": {{ .Function.Arguments }}}
</tool_call>{{ end }}<|im_end|>
{{ end }}{{ if .Tools }}Tools: {{ .Tools }}
{{ end }}<|im_start|>assistant
`;
const TEMPLATES: Record<string, string> = {
  hermes: HERMES,
  coder: `${HERMES}{{/* <function= */}}`,
  mistral: `[TOOL_CALLS] [ARGS]${HERMES}`,
  pythonic: "[func_name1(x=1)]{{ range .Messages }}{{ .Content }}{{ end }}{{ .Tools }}",
  bare: "{{ range .Messages }}{{ .Content }}{{ end }}{{ .Tools }}",
};

const parameters = {
  type: "object",
  properties: {
    city: { type: "string", maxLength: 20 },
    days: { type: "integer", minimum: 1, maximum: 14 },
    unit: { enum: ["celsius", "fahrenheit"] },
  },
  required: ["city", "days", "unit"],
};
const tools = [
  { type: "function", function: { name: "get_weather", description: "The weather", parameters } },
  { type: "function", function: { name: "now", description: "The time" } },
];

interface Answer {
  message: { content: string; tool_calls?: { id: string; function: { name: string; arguments: unknown } }[] };
  done_reason: string;
}

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  for (const [name, template] of Object.entries(TEMPLATES))
    await createModel(server, name, await smollm2(), { template });
}, LIMIT_MS);

afterAll(() => server?.stop());

async function chat(model: string, body: object): Promise<Answer> {
  const response = await fetch(`${server.url}/api/chat`, {
    method: "POST",
    body: JSON.stringify({
      model,
      messages: [{ role: "user", content: "What is the weather in Oslo?" }],
      tools,
      stream: false,
      options: { temperature: 0, num_predict: 300, seed: 1 },
      ...body,
    }),
  });
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

const named = (name: string) => ({ type: "function", function: { name } });

test.each(Object.keys(TEMPLATES))(
  "%s: a call by name has arguments that fulfil the tool's schema",
  async (model) => {
    const { message, done_reason } = await chat(model, { tool_choice: named("get_weather") });
    expect([message.content, done_reason, message.tool_calls?.length]).toEqual(["", "stop", 1]);
    const [call] = message.tool_calls!;
    expect(call!.id).toMatch(/^call_[a-z0-9]{8}$/);
    expect(call!.function.name).toBe("get_weather");
    const { arguments: args } = call!.function;
    expect([args, validator(parameters)(args)]).toEqual([args, true]);
  },
  LIMIT_MS,
);

test(
  "required: some call is made, and one by name is of that tool",
  async () => {
    const required = await chat("hermes", { tool_choice: "required" });
    expect<unknown>(["get_weather", "now"]).toContain(required.message.tool_calls?.[0]?.function.name);
    const now = await chat("hermes", { tool_choice: named("now") });
    expect(now.message.tool_calls?.map(({ function: called }) => called)).toMatchObject([
      { name: "now", arguments: {} },
    ]);
  },
  LIMIT_MS,
);

test(
  "none: the model is not shown the tools, and answers in text",
  async () => {
    const { message } = await chat("hermes", {
      tool_choice: "none",
      options: { temperature: 0, num_predict: 20 },
    });
    expect(message.tool_calls).toBeUndefined();
    expect(message.content).not.toBe("");
  },
  LIMIT_MS,
);

test(
  "tools and format: a call or the format, nothing else",
  async () => {
    const format = {
      type: "object",
      properties: { warm: { type: "boolean" } },
      required: ["warm"],
      additionalProperties: false,
    };
    const { message } = await chat("hermes", { format });
    if (message.tool_calls === undefined) expect(validator(format)(JSON.parse(message.content))).toBe(true);
    else expect(message.content).toBe("");
  },
  LIMIT_MS,
);
