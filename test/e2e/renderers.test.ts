/** Models that name a renderer and a parser, over HTTP: prompts as each family reads them, and answers of a real model read back. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { PARSER_NAMES, parserTraits } from "../../src/models/parser-traits.ts";
import { smollm2 } from "../support/models.ts";
import { recordedTexts, scenarios } from "../support/renderer-golden.ts";
import { createModel, startServer, type TestServer } from "../support/server.ts";
import { CALLER_TEMPLATE, QUESTION } from "../support/tool-caller.ts";
import { validator } from "../support/validator.ts";

const LIMIT_MS = 240_000;

const parameters = {
  type: "object",
  properties: { city: { type: "string", maxLength: 20 }, days: { type: "integer", minimum: 1, maximum: 9 } },
  required: ["city"],
};
const tools = [
  { type: "function", function: { name: "get_weather", description: "The weather", parameters } },
];

let server: TestServer;
const post = (path: string, body: object) =>
  fetch(`${server.url}${path}`, { method: "POST", body: JSON.stringify({ stream: false, ...body }) });

interface Answer {
  message: {
    content: string;
    thinking?: string;
    tool_calls?: { function: { name: string; arguments: Record<string, unknown> } }[];
  };
  _debug_info?: { rendered_template: string };
  error?: string;
}

async function chat(body: object): Promise<Answer> {
  const reply = await post("/api/chat", { options: { temperature: 0, num_predict: 200 }, ...body });
  return (await reply.json()) as Answer;
}

beforeAll(async () => {
  server = await startServer();
  await createModel(server, "base", await smollm2(), { template: CALLER_TEMPLATE });
}, LIMIT_MS);
afterAll(() => server?.stop());

test.each(["qwen3.5", "gemma4-large", "lfm2", "glimmer"])(
  "%s writes the prompt that Ollama writes",
  async (renderer) => {
    const created = await post("/api/create", { model: renderer, from: "base", renderer, parser: "qwen3.5" });
    expect(created.status).toBe(200);
    const name = "tool_result_then_answer_think_true";
    const { tools: offered } = scenarios().get(name)!;
    const weather = { name: "get_weather", arguments: { city: "Paris", unit: "c" } };
    const { _debug_info } = await chat({
      model: renderer,
      think: true,
      tools: offered,
      _debug_render_only: true,
      messages: [
        { role: "user", content: "Weather in Paris?" },
        { role: "assistant", content: "", tool_calls: [{ id: "call_1", function: weather }] },
        { role: "tool", content: '{"temp": 21}', tool_name: "get_weather", tool_call_id: "call_1" },
        { role: "assistant", content: "21 degrees.", thinking: "read it" },
        { role: "user", content: "Thanks" },
      ],
    });
    const today = new Date().toLocaleDateString("sv-SE");
    expect(_debug_info?.rendered_template).toBe(
      recordedTexts(renderer).get(name)!.replace("{{TODAY}}", today),
    );
  },
  LIMIT_MS,
);

test(
  "a call that the model makes of its own accord is read by the parser, and streamed",
  async () => {
    await post("/api/create", { model: "caller", from: "base", parser: "qwen3" });
    const reply = await post("/api/chat", {
      model: "caller",
      stream: true,
      tools,
      messages: [{ role: "user", content: QUESTION }],
      options: { temperature: 0, num_predict: 60 },
    });
    const lines = (await reply.text()).trim().split("\n");
    const answers = lines.map((line): Answer => JSON.parse(line));
    expect(answers.flatMap(({ message }) => message.tool_calls ?? [])).toMatchObject([
      { function: { name: "get_weather", arguments: { city: "Rome" } } },
    ]);
    expect(answers.map(({ message }) => message.content).join("")).not.toContain("<tool_call>");
  },
  LIMIT_MS,
);

test.each(PARSER_NAMES.filter((name) => parserTraits(name)?.tools))(
  "a call that is demanded of a model with the parser %s",
  async (parser) => {
    await post("/api/create", { model: "demanded", from: "base", renderer: "qwen3-coder", parser });
    const reply = await post("/v1/chat/completions", {
      model: "demanded",
      messages: [{ role: "user", content: "Weather in Rome?" }],
      tools,
      tool_choice: { type: "function", function: { name: "get_weather" } },
      reasoning_effort: "none",
      temperature: 0,
      max_tokens: 200,
    });
    const { choices } = (await reply.json()) as {
      choices: { message: { content: string; tool_calls?: { function: { arguments: string } }[] } }[];
    };
    const [call, ...others] = choices[0]?.message.tool_calls ?? [];
    const args: unknown = JSON.parse(call?.function.arguments ?? "null");
    expect([choices[0]?.message.content, others, validator(parameters)(args)]).toEqual(["", [], true]);
  },
  LIMIT_MS,
);

test(
  "a name that there is not is refused at create",
  async () => {
    for (const [field, name] of [
      ["renderer", "qwen9"],
      ["parser", "qwen9"],
    ]) {
      const reply = await post("/api/create", { model: "no", from: "base", [field!]: name });
      expect([reply.status, ((await reply.json()) as Answer).error]).toEqual([
        400,
        expect.stringMatching(new RegExp(`^unknown ${field} "qwen9"; there are `)),
      ]);
    }
  },
  LIMIT_MS,
);
