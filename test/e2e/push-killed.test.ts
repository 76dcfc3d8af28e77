/** Pushes whose server is killed in the middle: real server processes over one store. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { createClient } from "llamero/client";
import { installManifest } from "../../src/models/install.ts";
import { parseModelName } from "../../src/models/name.ts";
import { uploadPartBytes } from "../../src/registry/push/settings.ts";
import { renderManifest } from "../../src/store/manifest.ts";
import { MEDIA } from "../../src/store/media-type.ts";
import { openStore } from "../../src/store/store.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";
import { type KillableServer, startKillable } from "../support/killable-server.ts";
import { startRegistryProxy } from "../support/registry-proxy.ts";
import { startRegistry } from "../support/registry-server.ts";
import { bytesOf, digestOf, tempDirectory } from "../support/store-fixture.ts";
import { ggufWithWeights } from "../support/weights-gguf.ts";

const LIMIT_MS = 120_000;
const KILLS = 10;
const MEBIBYTES = 40;
const CONFIG = '{"model_format":"gguf","model_family":"llama"}\n';

let home: ReturnType<typeof tempDirectory>;
let weights: Uint8Array;

beforeAll(async () => {
  home = tempDirectory();
  weights = await ggufWithWeights(MEBIBYTES);
});

afterAll(() => {
  home?.[Symbol.dispose]();
});

/** Puts a model into the store while no server is there. @returns the manifest's bytes and how many all blobs have. */
async function install(model: string): Promise<{ manifest: Uint8Array; total: number }> {
  using store = openStore({ directory: join(home.path, "models") });
  const [config, gguf] = [await store.blobs.stage(bytesOf(CONFIG)), await store.blobs.stage(weights)];
  const manifest = renderManifest({
    config: { mediaType: MEDIA.config, digest: config.digest, size: config.size },
    layers: [{ mediaType: MEDIA.model, digest: gguf.digest, size: gguf.size }],
  });
  await installManifest(store, { name: parseModelName(model)!, manifest, staged: [config, gguf] });
  return { manifest, total: config.size + gguf.size };
}

const serve = (host: string): Promise<KillableServer> =>
  startKillable(home.path, { OLLAMA_ALLOWED_REGISTRIES: host });

const push = (server: KillableServer, model: string) =>
  Array.fromAsync(createClient({ host: server.url }).push({ model, insecure: true }));

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

test(
  `${KILLS} kills during one push: no byte is sent twice, and the registry has the model`,
  async () => {
    await using registry = await startRegistry({ isPlain: true });
    const model = `${registry.host}/library/killed`;
    const { manifest, total } = await install(model);
    const received = () =>
      sum(registry.seen.filter(({ method }) => method === "PATCH").map((each) => each.received));
    for (let kill = 0; kill < KILLS; kill++) {
      const limit = Math.floor(Math.random() * 4 * 2 ** 20);
      const { promise: stalled, resolve } = Promise.withResolvers<void>();
      registry.options.fault = ({ method, range = "" }) => {
        // Not the config, whose one part is all of it.
        if (method !== "PATCH" || !/-\d{6,}$/.test(range)) return undefined;
        resolve();
        return { stallAfter: limit };
      };
      const server = await serve(registry.host);
      const pushing = push(server, model).catch((error: unknown) => error);
      await stalled;
      await Bun.sleep(Math.random() * 50);
      await server.end("SIGKILL");
      expect(await pushing).toMatchObject({ name: "LlameroError" });
    }
    delete registry.options.fault;
    const server = await serve(registry.host);
    expect((await push(server, model)).at(-1)).toEqual({ status: "success" });
    await server.end("SIGTERM");
    expect(received()).toBe(total);
    expect(registry.stored("library/killed:latest")).toEqual(Buffer.from(manifest));
    expect(registry.seen.filter(({ method }) => method === "POST").length).toBeLessThanOrEqual(3);
  },
  LIMIT_MS,
);

test(
  "at docker-registry, too, a killed push goes on in the same session",
  async () => {
    await using docker = await startDockerRegistry();
    using proxy = startRegistryProxy(docker.host);
    const model = `${proxy.host}/me/killed`;
    const { manifest } = await install(model);
    // The second part of the weights never arrives: only then are docker-registry's sessions of further use.
    const { promise: held, resolve } = Promise.withResolvers<void>();
    proxy.holds = (method, nth) => {
      if (method !== "PATCH" || nth < 2) return false;
      resolve();
      return true;
    };
    const killed = await serve(proxy.host);
    const pushing = push(killed, model).catch((error: unknown) => error);
    await held;
    await killed.end("SIGKILL");
    expect(await pushing).toMatchObject({ name: "LlameroError" });
    proxy.holds = () => false;

    const server = await serve(proxy.host);
    expect((await push(server, model)).at(-1)).toEqual({ status: "success" });
    await server.end("SIGTERM");
    const parts = proxy.passed.filter(({ method, bytes }) => method === "PATCH" && bytes > CONFIG.length);
    expect(parts.map(({ bytes, status }) => [bytes, status])).toEqual([
      [uploadPartBytes(weights.length), 202],
      [uploadPartBytes(weights.length), 202],
      [weights.length - 2 * uploadPartBytes(weights.length), 202],
    ]);
    const reply = await fetch(`http://${docker.host}/v2/me/killed/manifests/latest`, {
      headers: { accept: MEDIA.manifest },
    });
    expect(digestOf(await reply.bytes())).toBe(digestOf(manifest));
  },
  LIMIT_MS,
);

test(
  "a session that docker-registry no longer takes is begun anew",
  async () => {
    await using docker = await startDockerRegistry();
    const model = `${docker.host}/me/cut`;
    const { manifest } = await install(model);
    const cut = await serve(docker.host);
    const leave = new AbortController();
    const client = createClient({ host: cut.url });
    // A part that is cut makes docker-registry 2.8 refuse its own session.
    for await (const line of client.push({ model, insecure: true }, { signal: leave.signal })) {
      if ((line.completed ?? 0) > CONFIG.length) break;
    }
    await cut.end("SIGKILL");
    const server = await serve(docker.host);
    expect((await push(server, model)).at(-1)).toEqual({ status: "success" });
    await server.end("SIGTERM");
    const reply = await fetch(`http://${docker.host}/v2/me/cut/manifests/latest`, {
      headers: { accept: MEDIA.manifest },
    });
    expect(digestOf(await reply.bytes())).toBe(digestOf(manifest));
  },
  LIMIT_MS,
);
