/** Models in the layouts of Ollama's registry, through the runner and through a real server. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LOAD_PROGRESS } from "../../src/engine/protocol.ts";
import { readGgufHeader } from "../../src/models/gguf/header.ts";
import { translate } from "../../src/models/layouts/translate.ts";
import { MEDIA } from "../../src/store/media-type.ts";
import { smollm2 } from "../support/models.ts";
import { ollamaStore } from "../support/ollama-store.ts";
import { pairFiles } from "../support/published/files.ts";
import { EMBEDDING_PAIRS, TEXT_PAIRS } from "../support/published/pairs.ts";
import { writePublishedMistral } from "../support/published/real.ts";
import { TestRunner } from "../support/real-runner.ts";
import { rewriteGguf } from "../support/rewrite-gguf.ts";
import { createModel, digestOfFile, type TestServer } from "../support/server.ts";
import { writeTinyLora } from "../support/tiny-lora.ts";
import { startVisionServer } from "../support/vision-server.ts";

interface Golden {
  prompt: string;
  answers: Record<string, { tokens: number[]; text: string }>;
}

const golden: Golden = await Bun.file(`${import.meta.dir}/../golden/published/published.golden.json`).json();
const answerTo = (name: string) => golden.answers[name] ?? { tokens: [], text: "" };
const SMALL = { contextLength: 256, threads: 1 };

let server: TestServer;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "llamero-published-"));
  server = await startVisionServer({ OLLAMA_NUM_THREADS: "1", OLLAMA_CONTEXT_LENGTH: "256" });
}, 300_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

async function post(path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(server.url + path, {
    method: "POST",
    body: JSON.stringify({ stream: false, ...body }),
  });
  const reply: unknown = await response.json();
  return { ...(reply as object) };
}

/** Greedy text, as many tokens as are on record. */
const generate = (model: string, count: number) =>
  post("/api/generate", {
    model,
    prompt: golden.prompt,
    raw: true,
    options: { temperature: 0, num_predict: count },
  });

describe("the runner gives llama.cpp's recorded tokens", () => {
  test("for every family on record", () => {
    expect(Object.keys(golden.answers).sort()).toEqual(Object.keys(TEXT_PAIRS).sort());
  });

  for (const name of Object.keys(TEXT_PAIRS)) {
    test(name, async () => {
      const { published } = await pairFiles(name);
      await using runner = new TestRunner({ ...SMALL, modelPath: published });
      const prompt = await runner.tokenize(golden.prompt);
      const { end } = await runner.generate(prompt, { numPredict: answerTo(name).tokens.length });
      expect(end).toMatchObject({ tokens: answerTo(name).tokens });
    }, 60_000);
  }

  test("with another type of KV cache, and with layers for a GPU that may not be there", async () => {
    const { published, native } = await pairFiles("qwen3vl");
    const load = { ...SMALL, kvCacheType: "q8_0", flashAttention: "on", gpuLayers: 1 } as const;
    const texts = [published, native].map(async (modelPath) => {
      await using runner = new TestRunner({ ...load, modelPath });
      return (await runner.generate(await runner.tokenize("hello"), { numPredict: 4 })).text;
    });
    const [translated, own] = await Promise.all(texts);
    expect(translated).toBe(own ?? "");
  }, 60_000);
});

describe("the runner embeds as over the native file", () => {
  for (const name of Object.keys(EMBEDDING_PAIRS)) {
    test(name, async () => {
      const { native, published } = await pairFiles(name);
      const [own, translated] = await Promise.all([native, published].map(vectorOf));
      expect(cosine(own ?? [], translated ?? [])).toBeGreaterThan(0.9999);
    }, 60_000);
  }
});

async function vectorOf(modelPath: string): Promise<number[]> {
  await using runner = new TestRunner({ ...SMALL, modelPath, embeddingOnly: true });
  const [vector] = await runner.embed([await runner.tokenize("hello world")]);
  return [...(vector ?? [])];
}

function cosine(a: number[], b: number[]): number {
  const dot = (x: number[], y: number[]) => x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** SmolLM2, and the same in the layout of another family. */
async function realPair(): Promise<{ original: string; published: string }> {
  const original = await smollm2();
  const published = join(directory, "real.gguf");
  await writePublishedMistral(original, published);
  return { original, published };
}

describe("a real model", () => {
  test("says greedily what it says from its own file, reports its progress and counts its bytes", async () => {
    const { original, published } = await realPair();
    const answers = [original, published].map(async (modelPath) => {
      await using runner = new TestRunner({ contextLength: 512, threads: 1, modelPath });
      const info = await runner.info;
      const prompt = await runner.tokenize("Once upon a time there was a");
      const { text } = await runner.generate(prompt, { numPredict: 24 });
      return {
        text,
        size: info.sizeBytes,
        progress: runner.lines.filter((line) => LOAD_PROGRESS.test(line)),
      };
    });
    const [own, translated] = await Promise.all(answers);
    expect(translated?.text).toBe(own?.text ?? "");
    expect(translated?.size).toBe(own?.size ?? 0);
    expect(translated?.progress.length).toBeGreaterThan(10);
    expect(translated?.progress.at(-1)).toBe("load 1.00");
  }, 120_000);

  test("a load that nobody waits for any more is given up", async () => {
    const { published } = await realPair();
    await createModel(server, "real", published);
    const leaving = new AbortController();
    const request = fetch(`${server.url}/api/generate`, {
      method: "POST",
      body: JSON.stringify({ model: "real", prompt: "hello" }),
      signal: leaving.signal,
    });
    const left = request.then(String, (error: Error) => error.name);
    leaving.abort();
    expect(await left).toBe("AbortError");
    // Whatever the load had come to, the server serves the next model.
    const { tokens, text } = answerTo("olmo3");
    await createModel(server, "next", (await pairFiles("olmo3")).published);
    expect(await generate("next", tokens.length)).toMatchObject({ response: text });
  }, 120_000);
});

describe("through the server", () => {
  for (const name of Object.keys(TEXT_PAIRS)) {
    test(`/api/generate answers with ${name} as published, and /api/ps counts it`, async () => {
      const { published } = await pairFiles(name);
      await createModel(server, name, published);
      const { tokens, text } = answerTo(name);
      expect(await generate(name, tokens.length)).toMatchObject({ response: text });
      const header = await readGgufHeader(published);
      const shown = await post("/api/show", { model: name });
      const architecture = header.metadata.get("general.architecture")?.value;
      expect(shown.model_info).toMatchObject({ "general.architecture": architecture });
      const weights = translate(header)?.tensors.flatMap(({ extents }) =>
        extents.map(({ length }) => length),
      );
      const running = (await (await fetch(`${server.url}/api/ps`)).json()) as {
        models: { model: string; size: number }[];
      };
      const entry = running.models.find(({ model }) => model === `${name}:latest`);
      expect(entry?.size).toBeGreaterThan(weights?.reduce((sum, bytes) => sum + bytes) ?? 0);
    }, 60_000);
  }

  test("an Ollama store with such a model is imported, and the blob stays as it is", async () => {
    const { published } = await pairFiles("qwen25vl");
    const store = ollamaStore(join(directory, "ollama"));
    const bytes = await Bun.file(published).bytes();
    const config = { model_format: "gguf", model_family: "qwen25vl", architecture: "amd64", os: "linux" };
    const weights = store.blob(MEDIA.model, bytes);
    const manifest = {
      schemaVersion: 2,
      mediaType: "application/vnd.docker.distribution.manifest.v2+json",
      config: store.blob(MEDIA.config, JSON.stringify(config)),
      layers: [weights],
    };
    store.manifest("registry.ollama.ai/library/qwen2.5vl/latest", JSON.stringify(manifest));
    const response = await fetch(`${server.url}/api/import`, {
      method: "POST",
      body: JSON.stringify({ path: store.directory }),
    });
    expect(await response.text()).toContain('"imported":1');
    const { tokens, text } = answerTo("qwen25vl");
    expect(await generate("qwen2.5vl", tokens.length)).toMatchObject({ response: text });
    const blob = join(server.modelsDir, "blobs", weights.digest.replace(":", "-"));
    expect(await digestOfFile(blob)).toBe(weights.digest);
  }, 60_000);

  test("an adapter goes by llama.cpp's name of the architecture, and changes the answer", async () => {
    const { published } = await pairFiles("olmo3");
    const [fitting, other] = ["olmo2", "olmo3"].map((name) => join(directory, `${name}-lora.gguf`));
    await writeTinyLora(fitting!, "olmo2");
    await writeTinyLora(other!, "olmo3");
    await createModel(server, "olmo3", published);
    const adapters = async (path: string) => {
      const digest = await digestOfFile(path);
      await fetch(`${server.url}/api/blobs/${digest}`, { method: "POST", body: Bun.file(path) });
      return { "adapter.gguf": digest };
    };
    const wrong = await post("/api/create", {
      model: "no",
      from: "olmo3",
      adapters: await adapters(other!),
    });
    expect(wrong.error).toBe('"adapter.gguf" is an adapter for "olmo3", and the model is "olmo2"');
    await post("/api/create", { model: "adapted", from: "olmo3", adapters: await adapters(fitting!) });
    const { tokens, text } = answerTo("olmo3");
    const adapted = await generate("adapted", tokens.length);
    expect(adapted.error).toBeUndefined();
    expect(adapted.response).not.toBe(text);
  }, 60_000);

  test("a file of no layout that we know says which one it looks like", async () => {
    const { published } = await pairFiles("qwen35");
    const path = join(directory, "unknown.gguf");
    await rewriteGguf(
      published,
      path,
      (old) => new Map([...old, ["general.architecture", { type: "string", value: "qwen36" }]]),
      [],
    );
    await createModel(server, "unknown", path);
    const { error } = await generate("unknown", 1);
    expect(error).toContain("unknown model architecture: 'qwen36'");
    expect(error).toContain(`it looks like Ollama's layout of qwen35, with "v." tensors in it`);
  }, 60_000);
});

describe("quantize", () => {
  const quantized = async (name: string, type: string) => {
    const { published } = await pairFiles(name);
    const digest = await digestOfFile(published);
    await fetch(`${server.url}/api/blobs/${digest}`, { method: "POST", body: Bun.file(published) });
    const files = { "model.gguf": digest };
    const reply = await post("/api/create", { model: `${name}-q`, files, quantize: type });
    expect(reply).toEqual({ status: "success" });
    const { modelfile } = await post("/api/show", { model: `${name}-q` });
    const path = /^FROM (\S+)$/m.exec(String(modelfile))?.[1] ?? "";
    return readGgufHeader(path);
  };

  test("a file with an encoder in it keeps its layout and its encoder", async () => {
    const header = await quantized("qwen25vl", "Q8_0");
    const before = await readGgufHeader((await pairFiles("qwen25vl")).published);
    expect(header.metadata.get("general.architecture")?.value).toBe("qwen25vl");
    expect(header.tensors.map(({ name }) => name).sort()).toEqual(
      before.tensors.map(({ name }) => name).sort(),
    );
    const types = Object.fromEntries(header.tensors.map(({ name, type }) => [name, type]));
    expect(types["blk.0.attn_q.weight"]).toBe("Q8_0");
    expect(types["v.blk.0.attn_q.weight"]).toBe("F16");
    const { tokens, text } = answerTo("qwen25vl");
    expect(await generate("qwen25vl-q", tokens.length)).toMatchObject({ response: text });
  }, 60_000);

  test("matrices that were put together come apart again", async () => {
    const header = await quantized("glmocr", "Q8_0");
    const shapes = Object.fromEntries(header.tensors.map(({ name, shape }) => [name, shape]));
    expect(shapes["blk.0.ffn_gate.weight"]).toEqual([64, 64]);
    expect(shapes["blk.0.ffn_up.weight"]).toEqual([64, 64]);
    expect((await generate("glmocr-q", 4)).error).toBeUndefined();
  }, 60_000);

  test("a file of text only becomes llama.cpp's own", async () => {
    const header = await quantized("lfm2", "Q8_0");
    expect(translate(header)).toBeUndefined();
    expect(header.tensors.map(({ name }) => name)).toContain("token_embd_norm.weight");
    const { tokens, text } = answerTo("lfm2");
    expect(await generate("lfm2-q", tokens.length)).toMatchObject({ response: text });
  }, 60_000);
});
