/** `llamero pull` with real server processes that are killed, and a registry of ours on loopback. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "llamero/client";
import { partBytes } from "../../src/registry/plan-parts.ts";
import { MEDIA } from "../../src/store/media-type.ts";
import { type RegistryServer, startRegistry } from "../support/registry-server.ts";
import { digestOf, tempDirectory } from "../support/store-fixture.ts";
import { writeTinyLlama } from "../support/tiny-llama.ts";
import { ggufWithWeights } from "../support/weights-gguf.ts";

const MAIN = join(import.meta.dir, "../../src/main.ts");
const LIMIT_MS = 120_000;
const KILLS = 50;
const MEBIBYTES = 24;

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
async function serve() {
  const child = Bun.spawn([process.execPath, MAIN, "serve"], {
    env: {
      PATH: process.env.PATH,
      HOME: home.path,
      OLLAMA_HOST: "127.0.0.1:0",
      OLLAMA_MODELS: join(home.path, "models"),
      OLLAMA_ALLOWED_REGISTRIES: registry.host,
    },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const reader = child.stderr.getReader();
  const decoder = new TextDecoder();
  let log = "";
  for (let url: string | undefined; ; ) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the server did not start:\n${log}`);
    log += decoder.decode(value, { stream: true });
    url = /Listening on (http:\S+)/.exec(log)?.[1];
    if (url === undefined) continue;
    // Whatever else it logs must not fill the pipe.
    const drained = (async () => {
      while (!(await reader.read()).done);
    })();
    const end = async (signal: "SIGKILL" | "SIGTERM"): Promise<void> => {
      child.kill(signal);
      await child.exited;
      await drained;
    };
    return { url, end, pid: child.pid };
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

test(
  `${KILLS} kills during one pull: little is fetched twice, and the model is right`,
  async () => {
    const bytes = await ggufWithWeights(MEBIBYTES);
    const layer = registry.blob(MEDIA.model, bytes);
    const manifest = registry.publish("library/killed:latest", layer);
    const model = `${registry.host}/library/killed`;
    registry.options.bytesPerSecond = 120_000;
    for (let kill = 0; kill < KILLS; kill++) {
      const server = await serve();
      const before = sum(registry.fetches(layer.digest).map(({ sent }) => sent));
      const pulling = (async () => {
        for await (const line of createClient({ host: server.url }).pull({ model, insecure: true })) {
          // Any moment: while it asks for the manifest, before anything is noted, or later.
          if (line.status === "success") throw new Error("the pull has ended too early");
        }
      })().catch((error: unknown) => error);
      await Bun.sleep(Math.random() * 350);
      await server.end("SIGKILL");
      expect(await pulling).toMatchObject({ name: "LlameroError" });
      expect(sum(registry.fetches(layer.digest).map(({ sent }) => sent))).toBeGreaterThanOrEqual(before);
    }
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
    const twice = sum(registry.fetches(layer.digest).map(({ sent }) => sent)) - layer.size;
    console.log(`${twice} of ${layer.size} bytes were fetched twice; a part has ${partBytes(layer.size)}`);
    expect(twice).toBeLessThanOrEqual(KILLS * partBytes(layer.size));
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
      registry.publish("library/tiny:latest", weights, registry.blob(MEDIA.params, '{"num_predict":4}\n'));
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
