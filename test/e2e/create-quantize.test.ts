/** `/api/create` with `quantize` and with adapters, through a real server and llama.cpp. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tinyLlama } from "../support/models.ts";
import { createModel, deriveModel, startServer, type TestServer } from "../support/server.ts";
import { llamaMetadata, tinyGguf, uint32 } from "../support/tiny-gguf.ts";
import { writeTinyLora } from "../support/tiny-lora.ts";

let server: TestServer;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "llamero-quantize-"));
  server = await startServer();
  await createModel(server, "base", await tinyLlama());
}, 60_000);
afterAll(async () => {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await fetch(server.url + path, { method: "POST", body: JSON.stringify(body) });
  return (await response.json()) as T;
}

/** Every line of a streamed create. */
async function createLines(request: Record<string, unknown>): Promise<Record<string, unknown>[]> {
  const response = await fetch(`${server.url}/api/create`, { method: "POST", body: JSON.stringify(request) });
  const text = await response.text();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** Greedy text of a model. */
async function greedy(model: string): Promise<string> {
  const options = { temperature: 0, num_predict: 24, seed: 1 };
  const reply = await post<{ response: string; error?: string }>("/api/generate", {
    model,
    prompt: "the inner",
    raw: true,
    stream: false,
    options,
  });
  if (reply.error !== undefined) throw new Error(reply.error);
  return reply.response;
}

const levelOf = async (model: string): Promise<string> =>
  (await post<{ details: { quantization_level: string } }>("/api/show", { model })).details
    .quantization_level;

const temporaries = async (): Promise<string[]> =>
  (await readdir(join(server.modelsDir, "blobs"))).filter((name) => !name.startsWith("sha256-"));

describe("quantize", () => {
  test("says what it does while it does it", async () => {
    const lines = await createLines({ model: "q8", from: "base", quantize: "q8_0" });
    const progress = lines.filter(({ total }) => total !== undefined);
    // One for each of the 21 tensors, one before and one after them.
    expect(progress).toHaveLength(23);
    const done = progress.map(({ completed }) => Number(completed));
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect([done[0], done.at(-1)]).toEqual([0, Number(progress[0]?.total)]);
    expect(progress[0]).toMatchObject({
      status: "quantizing F16 model to Q8_0",
      digest: "0000000000000000000",
    });
    const others = lines.filter(({ total }) => total === undefined).map(({ status }) => String(status));
    expect(others.map((status) => status.replace(/sha256:.*/, "…"))).toEqual([
      "verifying conversion",
      "creating new layer …",
      "writing manifest",
      "success",
    ]);
    expect(await levelOf("q8")).toBe("Q8_0");
    expect(await levelOf("base")).toBe("F16");
    expect(await greedy("q8")).not.toBe("");
  }, 60_000);

  test.each([
    ["F32", "F32"],
    ["bf16", "BF16"],
    ["q4_K_S", "Q4_K_S"],
    ["Q4_K_M", "Q4_K_M"],
    ["q4_k", "Q4_K_M"],
  ])(
    "to %s",
    async (quantize, level) => {
      const lines = await createLines({ model: "other", from: "base", quantize });
      expect(lines.at(-1)).toEqual({ status: "success" });
      expect(await levelOf("other")).toBe(level);
      expect(await greedy("other")).not.toBe("");
    },
    60_000,
  );

  test("to F32 changes no word", async () => {
    await deriveModel(server, "f32", "base", { quantize: "F32" });
    expect(await greedy("f32")).toBe(await greedy("base"));
  }, 60_000);

  test("what is quantized already is refused", async () => {
    const response = await fetch(`${server.url}/api/create`, {
      method: "POST",
      body: JSON.stringify({ model: "again", from: "q8", quantize: "q4_K_M" }),
    });
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: "quantization is only supported for F16, BF16 and F32 models" },
    ]);
  });

  test("a file that llama.cpp cannot make sense of is an error, and the server lives on", async () => {
    const path = join(directory, "nonsense.gguf");
    await Bun.write(path, await tinyGguf(llamaMetadata({ "general.file_type": uint32(1) })));
    await createModel(server, "nonsense", path);
    const lines = await createLines({ model: "bad", from: "nonsense", quantize: "q8_0" });
    expect(lines.at(-1)?.error).toStartWith("quantization failed: ");
    expect(String(lines.at(-1)?.error)).not.toContain(server.modelsDir);
    expect(await temporaries()).toEqual([]);
    expect(await levelOf("base")).toBe("F16");
  }, 60_000);
});

describe("an adapter", () => {
  test("changes the text of the model that has it, and of no other", async () => {
    const path = join(directory, "lora.gguf");
    await writeTinyLora(path);
    const bytes = await Bun.file(path).bytes();
    const digest = `sha256:${new Bun.CryptoHasher("sha256").update(bytes).digest("hex")}`;
    await fetch(`${server.url}/api/blobs/${digest}`, { method: "POST", body: bytes });
    const before = await greedy("base");
    await deriveModel(server, "adapted", "base", { adapters: { "lora.gguf": digest } });
    const adapted = await greedy("adapted");
    expect(adapted).not.toBe(before);
    expect(await greedy("base")).toBe(before);
    expect(await greedy("adapted")).toBe(adapted);
  }, 60_000);
});
