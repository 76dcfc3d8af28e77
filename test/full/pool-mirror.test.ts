/**
 * Three cold servers that pull one model at the same time through docker-registry as a pull-through mirror, in front of another one:
 * what goes over the line behind the mirror is one model.
 */
import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDockerRegistry } from "../support/docker-registry.ts";
import { type KillableServer, startKillable } from "../support/killable-server.ts";
import { createModel } from "../support/server.ts";
import { ggufWithWeights } from "../support/weights-gguf.ts";

const MEBIBYTES = 64;

/** Passes everything on to `host`, and counts the bytes of the replies. */
function counting(host: string) {
  const counted = { bytes: 0 };
  const proxy = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const headers = new Headers(request.headers);
      headers.set("host", host);
      const reply = await fetch(`http://${host}${pathname}${search}`, { method: request.method, headers });
      const count = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          counted.bytes += chunk.byteLength;
          controller.enqueue(chunk);
        },
      });
      return new Response(reply.body?.pipeThrough(count) ?? null, reply);
    },
  });
  return { counted, url: `http://127.0.0.1:${proxy.port}`, [Symbol.dispose]: () => void proxy.stop(true) };
}

async function post(server: KillableServer, path: string, body: object): Promise<string> {
  const reply = await fetch(`${server.url}${path}`, {
    method: "POST",
    body: JSON.stringify({ ...body, stream: false }),
  });
  const text = await reply.text();
  expect([path, reply.status, text]).toEqual([path, 200, '{"status":"success"}']);
  return text;
}

test("three cold servers fetch a model once", async () => {
  const home = await mkdtemp(join(tmpdir(), "llamero-mirror-"));
  await using upstream = await startDockerRegistry();
  using line = counting(upstream.host);
  await using mirror = await startDockerRegistry({ mirrors: line.url });
  const name = `${upstream.host}/library/m`;
  const start = (folder: string, env: Record<string, string> = {}) =>
    startKillable(join(home, folder), { OLLAMA_ALLOWED_REGISTRIES: upstream.host, ...env });
  const servers: KillableServer[] = [];
  try {
    const publisher = await start("publisher");
    servers.push(publisher);
    await Bun.write(join(home, "weights.gguf"), await ggufWithWeights(MEBIBYTES));
    await createModel(publisher, name, join(home, "weights.gguf"));
    await post(publisher, "/api/push", { model: name, insecure: true });
    const before = line.counted.bytes;
    const cold = await Promise.all(
      ["a", "b", "c"].map((folder) =>
        start(folder, { OLLAMA_REGISTRY_MIRROR: `${upstream.host}=http://${mirror.host}` }),
      ),
    );
    servers.push(...cold);
    const started = performance.now();
    await Promise.all(cold.map((server) => post(server, "/api/pull", { model: name, insecure: true })));
    const models = (line.counted.bytes - before) / (MEBIBYTES * 2 ** 20);
    console.log(
      `mirror: upstream bytes of three cold servers = ${models.toFixed(3)} models, ${Math.round(performance.now() - started)} ms`,
    );
    expect(models).toBeGreaterThan(0.99);
    expect(models).toBeLessThan(1.5);
    for (const server of cold) expect(server.log()).not.toContain("passed over");
  } finally {
    await Promise.all(servers.map((server) => server.end("SIGKILL")));
    await rm(home, { recursive: true, force: true });
  }
}, 180_000);
