/**
 * Three cold servers that pull one model at the same time through a mirror, in front of another registry: what goes over the line behind
 * the mirror is one model.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startNginx } from "../support/balancer.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { type KillableServer, startKillable } from "../support/killable-server.ts";
import { createModel, freePort } from "../support/server.ts";
import { ggufWithWeights } from "../support/weights-gguf.ts";

const CONFIG = readFileSync(join(import.meta.dir, "../../deploy/nginx/mirror.conf"), "utf8");
/** A model of two parts, and one of many. */
const MODELS = { small: 2, large: 160 } as const;
type Model = keyof typeof MODELS;

let home: string;
let upstream: DockerRegistry;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "llamero-mirror-"));
  upstream = await startDockerRegistry();
  const publisher = await start("publisher");
  for (const [model, mebibytes] of Object.entries(MODELS)) {
    const name = nameOf(model as Model);
    await Bun.write(join(home, "weights.gguf"), await ggufWithWeights(mebibytes));
    await createModel(publisher, name, join(home, "weights.gguf"));
    await post(publisher, "/api/push", { model: name, insecure: true });
  }
  await publisher.end("SIGKILL");
}, 120_000);

afterAll(async () => {
  await upstream.stop();
  await rm(home, { recursive: true, force: true });
});

const nameOf = (model: Model): string => `${upstream.host}/library/${model}`;

const start = (folder: string, env: Record<string, string> = {}): Promise<KillableServer> =>
  startKillable(join(home, folder), { OLLAMA_ALLOWED_REGISTRIES: upstream.host, ...env });

async function post(server: KillableServer, path: string, body: object): Promise<void> {
  const reply = await fetch(`${server.url}${path}`, {
    method: "POST",
    body: JSON.stringify({ ...body, stream: false }),
  });
  expect([path, reply.status, await reply.text()]).toEqual([path, 200, '{"status":"success"}']);
}

/** The line to the registry: passes everything on, and counts the bytes of the replies. */
class Line implements Disposable {
  bytes = 0;
  readonly #isRedirecting: boolean;
  readonly #server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: (request) => this.#answer(request) });

  /** @param isRedirecting blobs are to be had from another path of the line, which is signed anew each time. */
  constructor({ isRedirecting }: { isRedirecting: boolean }) {
    this.#isRedirecting = isRedirecting;
  }

  get host(): string {
    return `127.0.0.1:${this.#server.port}`;
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (this.#isRedirecting && pathname.startsWith("/v2/") && pathname.includes("/blobs/"))
      return Response.redirect(`http://${this.host}/store${pathname}?signature=${Math.random()}`, 307);
    const headers = new Headers(request.headers);
    headers.set("host", upstream.host);
    const path = pathname.replace(/^\/store/, "");
    const reply = await fetch(`http://${upstream.host}${path}`, { method: request.method, headers });
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        this.bytes += chunk.byteLength;
        controller.enqueue(chunk);
      },
    });
    return new Response(reply.body?.pipeThrough(count) ?? null, reply);
  }

  [Symbol.dispose](): void {
    void this.#server.stop(true);
  }
}

/** deploy/nginx/mirror.conf, with this line in the place of registry.ollama.ai and where it redirects to. */
async function nginxBefore(line: Line) {
  const host = `127.0.0.1:${freePort()}`;
  const config = CONFIG.replace("listen 127.0.0.1:5001", `listen ${host}`)
    .replace("/var/cache/nginx/llamero", "blobs")
    .replaceAll("https://registry.ollama.ai", `http://${line.host}`)
    .replace("[a-z0-9.-]+\\.r2\\.cloudflarestorage\\.com", line.host.replaceAll(".", "\\."))
    .replace("~^https://", "~^http://")
    .replace("https://$1", "http://$1");
  const nginx = await startNginx(config, `http://${host}`, "/v2/");
  return { host, [Symbol.asyncDispose]: () => nginx[Symbol.asyncDispose]() };
}

/**
 * @param isKilled one of the servers is killed when half of the model has come, and started again.
 * @returns how many models came over the line for three servers.
 */
async function pullByThree(mirror: string, model: Model, line: Line, isKilled = false): Promise<number> {
  const before = line.bytes;
  const size = MODELS[model] * 2 ** 20;
  const env = { OLLAMA_REGISTRY_MIRROR: `${upstream.host}=http://${mirror}` };
  const folders = [1, 2, 3].map((at) => `${model} ${at} ${mirror}`);
  const servers = await Promise.all(folders.map((folder) => start(folder, env)));
  const pull = (server: KillableServer) =>
    post(server, "/api/pull", { model: nameOf(model), insecure: true });
  try {
    const pulls = servers.map(pull);
    if (isKilled) {
      while (line.bytes - before < size / 2) await Bun.sleep(1);
      const lost = pulls.shift()!.catch(() => {});
      await servers[0]!.end("SIGKILL");
      await lost;
      servers[0] = await start(folders[0]!, env);
      pulls.push(pull(servers[0]));
    }
    await Promise.all(pulls);
    for (const server of servers) expect(server.log()).not.toContain("passed over");
    const models = (line.bytes - before) / size;
    console.log(
      `mirror: ${model}${isKilled ? ", one killed" : ""}: ${models.toFixed(4)} models for three servers`,
    );
    return models;
  } finally {
    await Promise.all(servers.map((server) => server.end("SIGKILL")));
  }
}

test.each([
  ["small", false, false],
  ["large", false, false],
  ["large", true, false],
  ["small", false, true],
  ["large", false, true],
  ["large", true, true],
] as const)(
  "nginx as the mirror: %s, one killed %p, blobs by redirect %p",
  async (model, isKilled, isRedirecting) => {
    using line = new Line({ isRedirecting });
    await using nginx = await nginxBefore(line);
    expect(await pullByThree(nginx.host, model, line, isKilled)).toBeWithin(0.99, 1.01);
  },
  120_000,
);

test.each([
  ["small", false, false],
  ["large", false, false],
  ["large", true, false],
  ["large", false, true],
] as const)(
  "nginx behind docker-registry: %s, one killed %p, blobs by redirect %p",
  async (model, isKilled, isRedirecting) => {
    using line = new Line({ isRedirecting });
    await using nginx = await nginxBefore(line);
    await using mirror = await startDockerRegistry({ mirrors: `http://${nginx.host}` });
    expect(await pullByThree(mirror.host, model, line, isKilled)).toBeWithin(0.99, 1.01);
  },
  120_000,
);

test("docker-registry alone fetches a little more than one", async () => {
  using line = new Line({ isRedirecting: false });
  await using mirror = await startDockerRegistry({ mirrors: `http://${line.host}` });
  expect(await pullByThree(mirror.host, "large", line)).toBeWithin(0.99, 1.5);
}, 120_000);
