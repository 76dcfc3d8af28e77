/** A key's limits are the same whichever balancer and server its requests come through: they are counted in Redis. */
import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { haproxyConfig } from "../../src/cli/pool/haproxy.ts";
import { parseMembers } from "../../src/cli/pool/member.ts";
import { type Balancer, startHaproxy } from "../support/balancer.ts";
import { tinyLlama } from "../support/models.ts";
import { startPool } from "../support/pool.ts";
import { digestOfFile, freePort } from "../support/server.ts";

const [ADMIN, LIMITED] = ["admin-key-0123456789abcdef", "limited-key-0123456789ab"];
const AT_ONCE = 3;

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

const ask = async (url: string, key: string, question: string): Promise<number> => {
  const body = { model: "tiny", max_tokens: 200, messages: [{ role: "user", content: question }] };
  const reply = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: bearer(key),
    body: JSON.stringify(body),
  });
  await reply.text();
  return reply.status;
};

async function install(url: string): Promise<void> {
  const gguf = await tinyLlama();
  const [digest, headers] = [await digestOfFile(gguf), bearer(ADMIN)];
  await fetch(`${url}/api/blobs/${digest}`, { method: "POST", headers, body: Bun.file(gguf) });
  const body = JSON.stringify({ model: "tiny", files: { "tiny.gguf": digest }, stream: false });
  expect((await fetch(`${url}/api/create`, { method: "POST", headers, body })).status).toBe(200);
  expect(await ask(url, ADMIN, "load")).toBe(200);
}

test("a key with three requests at once has three over two balancers and three servers", async () => {
  const folder = await mkdtemp(join(tmpdir(), "llamero-limits-"));
  const [redisPort, balancers]: [number, Balancer[]] = [freePort(), []];
  const redis = Bun.spawn(["redis-server", "--port", String(redisPort), "--save", ""], { stdout: "ignore" });
  const keys = join(folder, "keys");
  await Bun.write(keys, `admin ${ADMIN} scopes=admin\nlimited ${LIMITED} concurrency=${AT_ONCE}\n`);
  try {
    await using pool = await startPool(3, {
      OLLAMA_NUM_PARALLEL: "4",
      OLLAMA_API_KEYS_FILE: keys,
      OLLAMA_REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    });
    for (const { url } of pool.members) await install(url);
    const urls: string[] = [];
    for (const _ of [1, 2]) {
      const bind = `127.0.0.1:${freePort()}`;
      const members = parseMembers(pool.addresses.join(","));
      const config = haproxyConfig({ members, bind, slots: 4, agentPort: pool.agentPort });
      balancers.push(await startHaproxy(config, `http://${bind}`));
      urls.push(`http://${bind}`);
    }
    const asked = Array.from({ length: 16 }, (_, at) => ask(urls[at % 2]!, LIMITED, `question ${at}`));
    const statuses = await Promise.all(asked);
    const answered = statuses.filter((status) => status === 200).length;
    console.log(`pool: ${AT_ONCE} at once allowed, 16 asked over two balancers, ${answered} answered`);
    // One that has ended may make room for another before the last has come.
    expect(answered).toBeWithin(AT_ONCE, 2 * AT_ONCE);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
  } finally {
    for (const balancer of balancers) await balancer[Symbol.asyncDispose]();
    redis.kill();
    await redis.exited;
    await rm(folder, { recursive: true });
  }
}, 120_000);
