/** Models out of safetensors folders: the real command line uploads them, the real server converts, llama.cpp runs the result. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchModel } from "../../scripts/fetch-model.ts";
import { ALL_MINILM } from "../../scripts/models.ts";
import { writeHuggingFaceLlama } from "../support/hugging-face-llama.ts";
import { allMiniLm, tinyLlama } from "../support/models.ts";
import { createModel, startServer, type TestServer } from "../support/server.ts";

const MAIN = join(import.meta.dir, "../../src/main.ts");

let server: TestServer;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "llamero-safetensors-"));
  server = await startServer();
}, 60_000);
afterAll(async () => {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

/** `llamero create <model>` from a folder. @returns what it printed, and how it ended. */
async function create(
  model: string,
  folder: string,
  ...more: string[]
): Promise<{ err: string; code: number }> {
  const modelfile = join(directory, `${model}.Modelfile`);
  await Bun.write(modelfile, `FROM ${folder}\n`);
  const child = Bun.spawn([process.execPath, MAIN, "create", model, "-f", modelfile, ...more], {
    env: { ...process.env, OLLAMA_HOST: `127.0.0.1:${server.port}` },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const err = await new Response(child.stderr).text();
  return { err, code: await child.exited };
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await fetch(server.url + path, { method: "POST", body: JSON.stringify(body) });
  return (await response.json()) as T;
}

async function greedy(model: string): Promise<string> {
  const options = { temperature: 0, num_predict: 32 };
  const request = { model, prompt: "the inner", raw: true, stream: false, options };
  const { response } = await post<{ response: string }>("/api/generate", request);
  return response;
}

describe("a Llama folder in two files", () => {
  let folder: string;
  beforeAll(async () => {
    folder = join(directory, "tiny-llama");
    const gguf = await tinyLlama();
    await writeHuggingFaceLlama(gguf, folder);
    await createModel(server, "original", gguf);
  }, 60_000);

  test("writes the same greedy text as the GGUF that it came from", async () => {
    const { err, code } = await create("converted", folder);
    expect({ err, code }).toMatchObject({ code: 0, err: expect.stringContaining("converting model\n") });
    const text = await greedy("original");
    expect(text).not.toBe("");
    expect(await greedy("converted")).toBe(text);
    const show = await post<Record<string, unknown>>("/api/show", { model: "converted" });
    expect(show).toMatchObject({
      details: { family: "llama", quantization_level: "F16", format: "gguf" },
      model_info: { "general.architecture": "llama", "llama.block_count": 2 },
      capabilities: ["completion"],
    });
  }, 60_000);

  test("and is quantized on the way", async () => {
    const { err, code } = await create("small", folder, "-q", "q8_0");
    expect({ err, code }).toMatchObject({
      code: 0,
      err: expect.stringContaining("quantizing F16 model to Q8_0"),
    });
    const show = await post<Record<string, unknown>>("/api/show", { model: "small" });
    expect(show).toMatchObject({ details: { quantization_level: "Q8_0" } });
    expect(await greedy("small")).not.toBe("");
    const blobs = await readdir(join(server.modelsDir, "blobs"));
    expect(blobs.filter((name) => !name.startsWith("sha256-"))).toEqual([]);
  }, 60_000);

  test("of an architecture that is not supported is refused by name", async () => {
    const config = await Bun.file(join(folder, "config.json")).json();
    const other = join(directory, "other");
    await writeHuggingFaceLlama(await tinyLlama(), other);
    await Bun.write(
      join(other, "config.json"),
      JSON.stringify({ ...config, architectures: ["MambaForCausalLM"] }),
    );
    const { err, code } = await create("mamba", other);
    expect(code).toBe(1);
    expect(err).toContain('unsupported architecture "MambaForCausalLM" (supported: LlamaForCausalLM, ');
    const show = await post<{ error?: string }>("/api/show", { model: "mamba" });
    expect(show.error).toBe("model 'mamba:latest' not found");
  }, 60_000);
});

test("all-MiniLM-L6-v2 as published embeds like its GGUF", async () => {
  const { path } = await fetchModel(ALL_MINILM);
  expect((await create("minilm", path)).code).toBe(0);
  await createModel(server, "reference", await allMiniLm());
  const input = ["A llama herder leads the pack.", "Quarterly revenue rose."];
  const vectors = async (model: string) =>
    (await post<{ embeddings: number[][] }>("/api/embed", { model, input })).embeddings;
  const [made, reference] = [await vectors("minilm"), await vectors("reference")];
  expect(made).toHaveLength(2);
  for (const [at, vector] of made.entries())
    expect(cosine(vector, reference[at] ?? [])).toBeGreaterThan(0.9999);
  expect(cosine(made[0] ?? [], made[1] ?? [])).toBeLessThan(0.9);
}, 120_000);

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
