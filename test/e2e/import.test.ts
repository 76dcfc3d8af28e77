/** `llamero import` and `llamero verify` against a real server, with a real model in a store laid out as Ollama's. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createClient } from "llamero/client";
import type { Digest } from "../../src/lib/digest.ts";
import { renderManifest } from "../../src/store/manifest.ts";
import { MEDIA } from "../../src/store/media-type.ts";
import { smollm2 } from "../support/models.ts";
import { type OllamaStore, ollamaStore } from "../support/ollama-store.ts";
import { runProgram } from "../support/run-program.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { digestOf, tempDirectory } from "../support/store-fixture.ts";

const LIMIT_MS = 240_000;
const MAIN = join(import.meta.dir, "../../src/main.ts");
const SYSTEM = "You are a helpful AI assistant.";

let server: TestServer;
let home: ReturnType<typeof tempDirectory>;
let ollama: OllamaStore;
let weights: Digest;

beforeAll(async () => {
  server = await startServer();
  home = tempDirectory();
  ollama = ollamaStore(join(home.path, ".ollama/models"));
  const gguf = await smollm2();
  weights = digestOf(await Bun.file(gguf).bytes());
  mkdirSync(dirname(ollama.blobPath(weights)), { recursive: true });
  copyFileSync(gguf, ollama.blobPath(weights));
  const layers = [
    { mediaType: MEDIA.model, digest: weights, size: statSync(gguf).size },
    ollama.blob(MEDIA.system, SYSTEM),
    ollama.blob(MEDIA.params, '{"num_predict":8}\n'),
  ];
  const config = ollama.blob(
    MEDIA.config,
    '{"model_format":"gguf","model_family":"llama","model_type":"134.52M"}',
  );
  ollama.manifest("registry.ollama.ai/library/smollm2/135m", renderManifest({ config, layers }));
  ollama.manifest("registry.ollama.ai/library/broken/latest", "{}");
}, LIMIT_MS);

afterAll(async () => {
  await server?.stop();
  home?.[Symbol.dispose]();
});

const llamero = (...args: string[]) =>
  runProgram([MAIN, ...args], { HOME: home.path, OLLAMA_HOST: server.url });

test(
  "import takes over ~/.ollama/models by hard link, and the model answers",
  async () => {
    const before = ollama.snapshot();
    const { code, stdout } = await llamero("import", "--verify");
    expect(stdout).toBe(
      "skipped 'broken:latest': invalid manifest: it has no list of layers\n" +
        "imported 'smollm2:135m'\n1 imported, 0 already there, 1 skipped\n",
    );
    expect(code).toBe(1);
    const answer = await llamero("run", "smollm2:135m", "Say hello.");
    expect([answer.code, answer.stdout.trim() !== ""]).toEqual([0, true]);

    const linked = Object.entries(before).map(([path, state]) =>
      path.includes("/blobs/") ? [path, { ...state, links: 2 }] : [path, state],
    );
    expect(ollama.snapshot()).toEqual(Object.fromEntries(linked));
    const ours = join(server.modelsDir, "blobs", weights.replace(":", "-"));
    expect(statSync(ours).ino).toBe(statSync(ollama.blobPath(weights)).ino);
  },
  LIMIT_MS,
);

test(
  "verify finds a damaged blob, moves it aside, and its model no longer runs",
  async () => {
    expect(await llamero("verify")).toMatchObject({ code: 0, stdout: "4 verified, 0 bad\n" });
    const digest = digestOf(SYSTEM);
    writeFileSync(join(server.modelsDir, "blobs", digest.replace(":", "-")), SYSTEM.toUpperCase());
    const { code, stdout, stderr } = await llamero("verify");
    expect(stdout).toBe(
      `bad ${digest}: its content has another digest, moved to quarantine; needed by smollm2:135m\n3 verified, 1 bad\n`,
    );
    expect(stderr).toEndWith("Error: there are bad blobs; create, pull or import again: smollm2:135m\n");
    expect(code).toBe(1);
    const { error } = await createClient({ host: server.url }).api.show.post({ model: "smollm2:135m" });
    expect(error).toMatchObject({ status: 404, message: "model 'smollm2:135m' not found" });
  },
  LIMIT_MS,
);

test("a request that came through a proxy may not import", async () => {
  const headers = { "x-forwarded-for": "203.0.113.9" };
  const client = createClient({ host: server.url, headers });
  const { error } = await client.api.import.post({ path: ollama.directory, stream: false });
  expect(error).toMatchObject({ status: 403 });
});
