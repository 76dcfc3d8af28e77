/** `llamero pull` with real server processes that are killed, and a registry of ours on loopback. */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "llamero/client";
import type { Digest } from "../../src/lib/digest.ts";
import { downloadPartBytes } from "../../src/registry/plan-parts.ts";
import { MEDIA } from "../../src/store/media-type.ts";
import { startKillable } from "../support/killable-server.ts";
import { type RegistryServer, startRegistry } from "../support/registry-server.ts";
import { digestOf, tempDirectory } from "../support/store-fixture.ts";
import { writeTinyLlama } from "../support/tiny-llama.ts";
import { ggufWithWeights } from "../support/weights-gguf.ts";

const MAIN = join(import.meta.dir, "../../src/main.ts");
const LIMIT_MS = 120_000;
const KILLS = 50;
const LONG_LIVES = 5;
const MEBIBYTES = 96;

let registry: RegistryServer;
let home: ReturnType<typeof tempDirectory>;

beforeAll(async () => {
  registry = await startRegistry();
  home = tempDirectory();
});

afterAll(async () => {
  await registry?.[Symbol.asyncDispose]();
  home?.[Symbol.dispose]();
});

/** A server over the store that all of them have one after the other. */
const serve = () => startKillable(home.path, { OLLAMA_ALLOWED_REGISTRIES: registry.host });

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Bytes of a blob that the store's books say are on the disk. Looks on only, so that the next server recovers them by itself. */
function noted(digest: Digest): number {
  const path = join(home.path, "models/llamero.db");
  if (!existsSync(path)) return 0;
  using db = new Database(path, { readonly: true });
  const row = db
    .query<{ done: number }, [string]>(
      "select coalesce(sum(done), 0) as done from pull_parts where digest = ?",
    )
    .get(digest);
  return row?.done ?? 0;
}

/** When to kill a server: after a while, which may be before anything is noted, or once it has been sent so many bytes. */
type Moment = { afterMs: number } | { afterBytes: number };

/** One server's life: it goes on with the pull of `model` and is killed. */
async function liveAndDie(model: string, sent: () => number, moment: Moment): Promise<void> {
  const server = await serve();
  const before = sent();
  const pulling = (async () => {
    for await (const line of createClient({ host: server.url }).pull({ model, insecure: true })) {
      // Any moment: while it asks for the manifest, before anything is noted, or later.
      if (line.status === "success") throw new Error("the pull has ended too early");
    }
  })().catch((error: unknown) => error);
  if ("afterMs" in moment) await Bun.sleep(moment.afterMs);
  else while (sent() - before < moment.afterBytes) await Bun.sleep(5);
  await server.end("SIGKILL");
  expect(await pulling).toMatchObject({ name: "LlameroError" });
}

test(
  `${KILLS} kills during one pull: each loses at most one part, and the model is right`,
  async () => {
    const layer = registry.blob(MEDIA.model, await ggufWithWeights(MEBIBYTES));
    const manifest = registry.publish("library/killed:latest", layer);
    const model = `${registry.host}/library/killed`;
    const part = downloadPartBytes(layer.size);
    const sent = (): number => sum(registry.fetches(layer.digest).map((each) => each.sent));
    const lost: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      // Most lives are too short for a part. The long ones would lose more than one if nothing were noted on the way.
      const long = kill % (KILLS / LONG_LIVES) === 0;
      registry.options.bytesPerSecond = long ? 1_500_000 : 120_000;
      const [before, kept] = [sent(), noted(layer.digest)];
      const moment = long ? { afterBytes: 2.5 * part } : { afterMs: Math.random() * 350 };
      await liveAndDie(model, sent, moment);
      lost.push(sent() - before - (noted(layer.digest) - kept));
    }
    expect(lost.filter((bytes) => bytes > part)).toEqual([]);
    delete registry.options.bytesPerSecond;
    const server = await serve();
    const lines = await Array.fromAsync(createClient({ host: server.url }).pull({ model, insecure: true }));
    expect(lines.at(-1)).toEqual({ status: "success" });
    const { models } = (await createClient({ host: server.url }).api.tags.get()).data!;
    expect(models.map(({ digest }) => digest)).toEqual([manifest]);
    await server.end("SIGTERM");

    const blobs = join(home.path, "models/blobs");
    expect(digestOf(await Bun.file(join(blobs, layer.digest.replace(":", "-"))).bytes())).toBe(layer.digest);
    expect(readdirSync(blobs).filter((name) => !/^sha256-[0-9a-f]{64}$/.test(name))).toEqual([]);
    // What was lost is what was fetched twice: nothing else was.
    expect(sent() - layer.size).toBe(sum(lost));
    console.log(
      `of a part of ${part} bytes a kill lost at most ${Math.max(...lost)}, all of them ${sum(lost)}`,
    );
  },
  LIMIT_MS,
);

describe("the command line", () => {
  async function llamero(url: string, ...args: string[]) {
    const child = Bun.spawn([process.execPath, MAIN, ...args], {
      env: { PATH: process.env.PATH, HOME: home.path, OLLAMA_HOST: url },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    return { code: await child.exited, stdout, stderr };
  }

  test(
    "pull and pulls, plain lines where there is no terminal",
    async () => {
      registry.publish("library/small:latest", registry.blob(MEDIA.model, await ggufWithWeights(1)));
      const model = `${registry.host}/library/small`;
      const server = await serve();
      const pulled = await llamero(server.url, "pull", model, "--insecure");
      expect([pulled.code, pulled.stdout]).toEqual([0, ""]);
      expect(pulled.stderr).toMatch(
        /^pulling manifest\npulling [0-9a-f]{12}\n(pulling [0-9a-f]{12}\n)*verifying sha256 digest\nwriting manifest\nsuccess\n$/,
      );
      const listed = await llamero(server.url, "pulls");
      expect(listed.stdout).toContain(`${model}:latest`);
      expect(listed.stdout).toMatch(/\bdone\b/);
      const missing = await llamero(server.url, "pull", `${registry.host}/library/none`, "--insecure");
      expect([missing.code, missing.stderr]).toEqual([
        1,
        "pulling manifest\nError: pull model manifest: file does not exist\n",
      ]);
      const other = await llamero(server.url, "pull", "registry.example/library/x");
      expect(other.stderr).toContain('registry "registry.example" is not allowed');
      await server.end("SIGTERM");
    },
    LIMIT_MS,
  );

  test(
    "run of a model that is not here pulls it and answers",
    async () => {
      const gguf = join(home.path, "tiny.gguf");
      await writeTinyLlama(gguf);
      const weights = registry.blob(MEDIA.model, await Bun.file(gguf).bytes());
      registry.publish(
        "library/tiny:latest",
        weights,
        registry.blob(MEDIA.params, '{"num_predict":4,"temperature":0}\n'),
      );
      const server = await serve();
      const { code, stdout, stderr } = await llamero(
        server.url,
        "run",
        `${registry.host}/library/tiny`,
        "hello",
        "--insecure",
      );
      expect(stderr).toEndWith("writing manifest\nsuccess\n");
      expect([code, stdout.trim().length > 0]).toEqual([0, true]);
      await server.end("SIGTERM");
    },
    LIMIT_MS,
  );
});
