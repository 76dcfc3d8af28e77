/** A draft model beside the model that it was made for, as users have them: created from a Modelfile, asked over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { smollm2 } from "../support/models.ts";
import { qwenCoder, qwenCoderDraft } from "../support/qwen-coder.ts";
import { runCommand } from "../support/run-program.ts";
import { startServer, type TestServer } from "../support/server.ts";

const MAIN = join(import.meta.dir, "../../src/main.ts");
const PROMPTS = [
  "Write a TypeScript class for a binary search tree with insert, remove and find. Only code.",
  "Explain in two paragraphs why the sky is blue.",
  "What is the capital of Portugal?",
  'Give back this list as JSON with the keys name and age: "Ann 34, Bob 27, Cleo 41".',
];

let server: TestServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llamero-draft-"));
  server = await startServer({ OLLAMA_NUM_PARALLEL: "2", OLLAMA_MAX_LOADED_MODELS: "1" });
  await create("plain", `FROM ${await qwenCoder()}\n`);
  await create("fast", `FROM ${await qwenCoder()}\nDRAFT ${await qwenCoderDraft()}\n`);
}, 600_000);

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function create(name: string, modelfile: string): Promise<{ code: number; stderr: string }> {
  const file = join(folder, `Modelfile-${name}`);
  await writeFile(file, modelfile);
  const env = { PATH: process.env.PATH ?? "", HOME: folder, OLLAMA_HOST: server.url };
  return runCommand([process.execPath, MAIN, "create", name, "-f", file], { env, timeoutMs: 300_000 });
}

interface Reply {
  response: string;
  draft_count?: number;
  draft_accepted_count?: number;
  draft_kind?: string;
}

async function ask(model: string, prompt: string, options: Record<string, number> = {}): Promise<Reply> {
  const body = { model, prompt, stream: false, options: { temperature: 0, num_predict: 96, ...options } };
  const response = await fetch(`${server.url}/api/generate`, { method: "POST", body: JSON.stringify(body) });
  expect(response.status).toBe(200);
  return (await response.json()) as Reply;
}

const post = async (path: string, body: object): Promise<Response> =>
  fetch(`${server.url}${path}`, { method: "POST", body: JSON.stringify(body) });

describe("Qwen2.5-Coder 1.5B with 0.5B as its draft", () => {
  test("says what it says without", async () => {
    const plain: string[] = [];
    for (const prompt of PROMPTS) plain.push((await ask("plain", prompt)).response);
    const fast: Reply[] = [];
    for (const prompt of PROMPTS) fast.push(await ask("fast", prompt));
    expect(fast.map(({ response }) => response)).toEqual(plain);
    const [code] = fast;
    expect(code!.draft_kind).toMatch(/^(model|both)$/);
    expect(code!.draft_accepted_count).toBeGreaterThan(code!.draft_count! / 2);
    expect((await ask("fast", PROMPTS[0]!, { draft_num_predict: 0 })).draft_count).toBeUndefined();
  }, 600_000);

  test("two answers at once are not guessed", async () => {
    const both = await Promise.all([ask("fast", PROMPTS[0]!), ask("fast", PROMPTS[1]!)]);
    // Whichever ends first leaves the other alone.
    expect(both.filter(({ draft_kind }) => draft_kind === undefined).length).toBeGreaterThan(0);
  }, 300_000);

  test("its memory is in /api/ps, and goes where the model never guesses", async () => {
    const sizeOf = async (name: string): Promise<number> => {
      await ask(name, "Hi", { num_predict: 1 });
      const { models } = (await (await fetch(`${server.url}/api/ps`)).json()) as {
        models: { size: number }[];
      };
      // One at most is loaded; names that load the same share it, and it is listed by the first of them.
      expect(models).toHaveLength(1);
      return models[0]!.size;
    };
    await create("never", `FROM fast\nPARAMETER draft_num_predict 0\n`);
    const [fast, never] = [await sizeOf("fast"), await sizeOf("never")];
    expect(fast - never).toBeGreaterThan(400e6);
    expect(never).toBe(await sizeOf("plain"));
  }, 300_000);

  test("show prints the draft; what the model can do is what it can do without", async () => {
    const shown = async (name: string) =>
      (await (await post("/api/show", { model: name })).json()) as {
        modelfile: string;
        capabilities: string[];
      };
    const [plain, fast] = [await shown("plain"), await shown("fast")];
    expect(fast.modelfile).toMatch(/^DRAFT \/.*sha256-[0-9a-f]{64}$/m);
    expect(fast.capabilities).toEqual(plain.capabilities);
  }, 60_000);

  test("a draft of another vocabulary is refused, with what differs", async () => {
    const { code, stderr } = await create("wrong", `FROM plain\nDRAFT ${await smollm2()}\n`);
    expect(code).toBe(1);
    expect(stderr).toContain(
      "DRAFT cannot guess for this model: it knows 49152 tokens, and the model 151936",
    );
    expect((await post("/api/show", { model: "wrong" })).status).toBe(404);
  }, 120_000);
});
