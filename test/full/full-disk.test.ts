/** A real server on a disk without a byte left, and on one that can only be read. Needs root, for a disk of its own. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type KillableServer, startKillable } from "../support/killable-server.ts";
import { tinyLlama } from "../support/models.ts";
import { ollamaStore } from "../support/ollama-store.ts";
import { canMount, type SmallDisk, smallDisk } from "../support/small-disk.ts";
import { digestOf, tempDirectory } from "../support/store-fixture.ts";

const LIMIT_MS = 60_000;

let disk: SmallDisk;
let home: ReturnType<typeof tempDirectory>;
let models: string;
let server: KillableServer | undefined;

const start = async (): Promise<KillableServer> => {
  server = await startKillable(home.path, { OLLAMA_MODELS: models });
  return server;
};

async function stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
  await server?.end(signal);
  server = undefined;
}

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const reply = await fetch(`${server!.url}${path}`, { method, ...init });
  return { status: reply.status, text: await reply.text() };
}

/** Uploads a tiny model and creates a model of it. @returns the last reply. */
async function create(model: string, seed: number): Promise<{ status: number; text: string }> {
  const bytes = await Bun.file(await tinyLlama({ seed })).bytes();
  const digest = digestOf(bytes);
  const upload = await fetch(`${server!.url}/api/blobs/${digest}`, { method: "POST", body: bytes });
  const text = await upload.text();
  if (!upload.ok) return { status: upload.status, text };
  return call("POST", "/api/create", { model, files: { "a.gguf": digest }, stream: false });
}

const listed = async (): Promise<string[]> => {
  const { text } = await call("GET", "/api/tags");
  return JSON.parse(text)
    .models.map(({ name }: { name: string }) => name)
    .sort();
};

/** Everything that needs no room works. */
async function expectUsable(model: string): Promise<void> {
  expect(await listed()).toContain(`${model}:latest`);
  expect((await call("POST", "/api/show", { model })).status).toBe(200);
  const generated = await call("POST", "/api/generate", {
    model,
    prompt: "a",
    stream: false,
    options: { num_predict: 3 },
  });
  expect(generated).toMatchObject({ status: 200, text: expect.stringContaining('"done":true') });
}

const remove = (model: string) => call("DELETE", "/api/delete", { model });

/** A small disk and a home for every test of the group. */
function eachOnItsOwnDisk(): void {
  beforeEach(() => {
    disk = smallDisk(16);
    home = tempDirectory();
    models = join(disk.path, "models");
  });

  afterEach(async () => {
    await stop("SIGKILL");
    disk[Symbol.dispose]();
    home[Symbol.dispose]();
  });
}

describe.skipIf(!canMount)("full disk (skipped where the tests may not mount a disk)", () => {
  eachOnItsOwnDisk();

  test(
    "models are listed, shown, run and deleted with 0 bytes free, again and again",
    async () => {
      await start();
      for (const [index, model] of ["a", "b", "c", "d"].entries())
        expect((await create(model, index)).status).toBe(200);
      disk.fill();
      expect(disk.free()).toBe(0);
      await expectUsable("a");
      const refused = await create("e", 9);
      expect(refused.status).toBe(507);
      expect(refused.text).toContain(models);
      expect(refused.text).toContain("llamero prune");
      for (const model of ["b", "c"]) {
        disk.fill();
        expect(await remove(model)).toMatchObject({ status: 200 });
      }
      expect(await listed()).toEqual(["a:latest", "d:latest"]);
      disk.fill();
      expect((await call("POST", "/api/prune", { dry_run: false })).status).toBe(200);
      expect(disk.free()).toBeGreaterThanOrEqual(0);
      await expectUsable("a");
      disk.empty();
      expect((await create("e", 9)).status).toBe(200);
    },
    LIMIT_MS,
  );

  test.each(["SIGTERM", "SIGKILL"] as const)(
    "the server starts on it after %s, and a model is deleted",
    async (signal) => {
      await start();
      for (const [index, model] of ["a", "b", "c"].entries()) await create(model, index);
      disk.fill();
      await stop(signal);
      disk.fill();
      await start();
      await expectUsable("a");
      disk.fill();
      expect(await remove("b")).toMatchObject({ status: 200 });
      await stop(signal);
      await start();
      expect(await listed()).toEqual(["a:latest", "c:latest"]);
    },
    LIMIT_MS,
  );

  test(
    "also where there is no reserve, as of a store that an older version has filled",
    async () => {
      await start();
      for (const [index, model] of ["a", "b", "c"].entries()) await create(model, index);
      await stop();
      rmSync(join(models, "llamero.reserve"));
      rmSync(join(models, "manifests"), { recursive: true });
      disk.fill();
      expect(disk.free()).toBe(0);
      const { log } = await start();
      expect(log()).toContain("no space left on the disk");
      expect(log()).toContain(models);
      await expectUsable("a");
      expect(await remove("b")).toMatchObject({ status: 200 });
      expect(await listed()).toEqual(["a:latest", "c:latest"]);
      await stop();
      disk.empty();
      await start();
      expect(await listed()).toEqual(["a:latest", "c:latest"]);
      expect(existsSync(join(models, "manifests/registry.ollama.ai/library/c/latest"))).toBe(true);
    },
    LIMIT_MS,
  );

  test(
    "a store that does not exist yet: it starts, and says what is missing when something is to be written",
    async () => {
      disk.fill();
      await start();
      expect(await listed()).toEqual([]);
      const refused = await create("a", 1);
      expect(refused.status).toBe(507);
      expect(refused.text).toContain(models);
    },
    LIMIT_MS,
  );
});

describe.skipIf(!canMount)("read-only (skipped where the tests may not mount a disk)", () => {
  eachOnItsOwnDisk();

  async function expectReadOnly(): Promise<void> {
    const bytes = new Uint8Array(10);
    const refused = [
      await create("b", 2),
      await remove("a"),
      await call("POST", "/api/copy", { source: "a", destination: "z" }),
      await call("POST", "/api/pull", { model: "x", stream: false }),
      await call("POST", "/api/prune", { dry_run: false }),
      await call("POST", `/api/blobs/${digestOf(bytes)}`),
    ];
    expect(refused.map(({ status }) => status)).toEqual([507, 507, 507, 507, 507, expect.any(Number)]);
    for (const { text } of refused.slice(0, 5)) expect(text).toContain(models);
    await expectUsable("a");
  }

  test.each(["SIGTERM", "SIGKILL"] as const)(
    "after %s the server starts for reading, and says so with the path",
    async (signal) => {
      await start();
      await create("a", 1);
      await stop(signal);
      disk.setReadOnly(true);
      const { log } = await start();
      expect(log()).toContain(`${models}\\" cannot be written to`);
      await expectUsable("a");
      await expectReadOnly();
    },
    LIMIT_MS,
  );

  test(
    "models of Ollama's are used from a disk that has never had books",
    async () => {
      mkdirSync(models);
      const ollama = ollamaStore(models);
      const config = ollama.blob(
        "application/vnd.docker.container.image.v1+json",
        '{"model_format":"gguf","model_family":"llama"}',
      );
      const weights = ollama.blob(
        "application/vnd.ollama.image.model",
        await Bun.file(await tinyLlama()).bytes(),
      );
      const manifest = JSON.stringify({ schemaVersion: 2, config, layers: [weights] });
      ollama.manifest("registry.ollama.ai/library/a/latest", manifest);
      disk.setReadOnly(true);
      await start();
      await expectUsable("a");
    },
    LIMIT_MS,
  );
});
