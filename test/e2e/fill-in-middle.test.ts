import { afterAll, beforeAll, expect, test } from "bun:test";
import { tinyLlama } from "../support/models.ts";
import { TestRunner } from "../support/real-runner.ts";
import { createModel, startServer, type TestServer } from "../support/server.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  await createModel(server, "coder", await tinyLlama({ fillsMiddle: true }));
  await createModel(server, "talker", await tinyLlama());
}, 120_000);

afterAll(async () => {
  await server.stop();
}, 30_000);

async function post(path: string, body: object): Promise<{ status: number; reply: Record<string, unknown> }> {
  const answer = await fetch(`${server.url}${path}`, { method: "POST", body: JSON.stringify(body) });
  return { status: answer.status, reply: (await answer.json()) as Record<string, unknown> };
}

test("a runner knows the tokens of a vocabulary that has them", async () => {
  await using coder = new TestRunner({ modelPath: await tinyLlama({ fillsMiddle: true }) });
  await using talker = new TestRunner({ modelPath: await tinyLlama() });
  const { fim, vocabSize } = await coder.info;
  expect(fim).toEqual({
    prefix: { id: vocabSize - 3, text: "<|fim_prefix|>" },
    suffix: { id: vocabSize - 2, text: "<|fim_suffix|>" },
    middle: { id: vocabSize - 1, text: "<|fim_middle|>" },
  });
  expect((await talker.info).fim).toBeUndefined();
}, 60_000);

test("a model whose GGUF has them fills in the middle, and says so", async () => {
  expect((await post("/api/show", { model: "coder" })).reply.capabilities).toEqual(["completion", "insert"]);
  const list = await (await fetch(`${server.url}/api/tags`)).json();
  expect(list).toMatchObject({
    models: expect.arrayContaining([
      expect.objectContaining({ name: "coder:latest", capabilities: ["completion", "insert"] }),
      expect.objectContaining({ name: "talker:latest", capabilities: ["completion"] }),
    ]),
  });
  // The text between the tokens names one of them and stays text.
  const gap = { model: "coder", prompt: "f(<|fim_middle|>", suffix: ")", options: { num_predict: 3 } };
  const shown = await post("/api/generate", { ...gap, _debug_render_only: true });
  expect(shown.reply._debug_info).toEqual({
    rendered_template: "<|fim_prefix|>f(<|fim_middle|><|fim_suffix|>)<|fim_middle|>",
    token_count: 3 + gap.prompt.length + gap.suffix.length,
  });
  const { status, reply } = await post("/api/generate", { ...gap, stream: false });
  expect(status).toBe(200);
  const context = reply.context as number[];
  const vocabSize = Math.max(...context) + 1;
  const [prefix, suffix, middle] = [vocabSize - 3, vocabSize - 2, vocabSize - 1];
  expect(context[0]).toBe(prefix!);
  expect(context[1 + gap.prompt.length]).toBe(suffix!);
  expect(context[3 + gap.prompt.length]).toBe(middle!);
}, 60_000);

test("one whose GGUF has none refuses a suffix", async () => {
  expect(await post("/api/generate", { model: "talker", prompt: "a", suffix: "b" })).toEqual({
    status: 400,
    reply: { error: "registry.ollama.ai/library/talker:latest does not support insert" },
  });
});
