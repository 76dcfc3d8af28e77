/** What agents send with every turn, and how much of it a real model evaluates: what is new, and nothing else. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { smollm2 } from "../support/models.ts";
import { createModel, startServer, type TestServer } from "../support/server.ts";

const LIMIT_MS = 240_000;

/** Tools in front, then every message in its place. */
const TEMPLATE = `{{ range .Tools }}{{ . }}
{{ end }}{{ range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
`;

let server: TestServer;
let asItComes: TestServer;
beforeAll(async () => {
  const env = { OLLAMA_CACHE_RAM: "0", OLLAMA_CACHE_DISK: "0" };
  server = await startServer(env);
  asItComes = await startServer({ ...env, OLLAMA_STABLE_PROMPTS: "0" });
  for (const each of [server, asItComes])
    await createModel(each, "smollm2", await smollm2(), { template: TEMPLATE });
}, LIMIT_MS);
afterAll(async () => {
  await server?.stop();
  await asItComes?.stop();
});

interface Usage {
  input_tokens: number;
  cache_read_input_tokens: number;
}

/** The counts of an answer of one token. `input_tokens` are those that were evaluated. */
async function usageOf({ url }: TestServer, body: object): Promise<Usage> {
  const reply = await fetch(`${url}/v1/messages`, {
    method: "POST",
    body: JSON.stringify({ model: "smollm2", max_tokens: 1, ...body }),
  });
  if (reply.status !== 200) throw new Error(await reply.text());
  return ((await reply.json()) as { usage: Usage }).usage;
}

const user = (content: unknown) => ({ role: "user", content });
const LONG = Array.from({ length: 60 }, (_, rule) => `Rule ${rule}: never touch file ${rule * 7}.`).join(" ");

const billed = (cch: string) => ({
  system: [
    {
      type: "text",
      text: `x-anthropic-billing-header: cc_version=2.1.37.0d9; cc_entrypoint=cli; cch=${cch};`,
    },
    { type: "text", text: `You are a coding CLI. ${LONG}` },
  ],
  messages: [user("hey")],
});

test("a billing header that changes costs nothing", async () => {
  await usageOf(server, billed("fa690"));
  const { input_tokens, cache_read_input_tokens } = await usageOf(server, billed("0b31c"));
  expect(input_tokens).toBe(1);
  expect(cache_read_input_tokens).toBeGreaterThan(500);
});

test("where prompts are kept as they come, it costs all of the prompt behind it", async () => {
  await usageOf(asItComes, billed("fa690"));
  const { input_tokens, cache_read_input_tokens } = await usageOf(asItComes, billed("0b31c"));
  expect(cache_read_input_tokens).toBeLessThan(50);
  expect(input_tokens).toBeGreaterThan(500);
});

test("a system message in the middle stays there: the next turn evaluates what is behind it", async () => {
  const reminder = (left: number) => ({
    role: "system",
    content: `<total_tokens>${left} left</total_tokens>`,
  });
  const turn = [user(`Read a.txt. ${LONG}`), reminder(1000)];
  const first = await usageOf(server, { messages: turn });
  const more = [...turn, { role: "assistant", content: "It has lines." }, user("Go on."), reminder(900)];
  const second = await usageOf(server, { messages: more });
  // All of the first prompt but, at most, the token that the answer goes on from.
  const whole = first.input_tokens + first.cache_read_input_tokens;
  expect(second.cache_read_input_tokens).toBeGreaterThanOrEqual(whole - 1);
  expect(second.input_tokens).toBeLessThan(80);
});

test("tools stay in their order, and so in the cache", async () => {
  const tools = ["zeta", "alpha", "mid"].map((name) => ({
    name,
    description: LONG.slice(0, 600),
    input_schema: { type: "object", properties: { b: { type: "string" }, a: { type: "string" } } },
  }));
  await createModel(server, "caller", await smollm2(), {
    template: `${TEMPLATE}{{/* <tool_call> */}}{{ if .ToolCalls }}{{ end }}`,
  });
  const ask = (question: string) => usageOf(server, { model: "caller", tools, messages: [user(question)] });
  const { input_tokens } = await ask("hi");
  const second = await ask("well then");
  expect(input_tokens).toBeGreaterThan(400);
  expect(second.input_tokens).toBeLessThan(20);
});
