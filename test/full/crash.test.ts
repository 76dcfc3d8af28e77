/** A real server, killed a hundred times while four clients change models and one pulls: nothing that was acknowledged is lost. */
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "llamero/client";
import { MEDIA } from "../../src/store/media-type.ts";
import { CrashClient, crashUploads, type Known, type Tally } from "../support/crash-clients.ts";
import { type KillableServer, startKillable } from "../support/killable-server.ts";
import { seededRandom } from "../support/random.ts";
import { startRegistry } from "../support/registry-server.ts";
import { tempDirectory } from "../support/store-fixture.ts";
import { ggufWithWeights } from "../support/weights-gguf.ts";

const ROUNDS = 100;
const CLIENTS = 4;
/** Every so many rounds the books are deleted as well, and every blob is hashed. */
const LOSE_BOOKS_EVERY = 10;
const LIMIT_MS = 20 * 60_000;

/** Processes that a server has started. */
function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? readFileSync(path, "utf8").split(" ").filter(Boolean).map(Number) : [];
}

async function untilGone(pids: readonly number[]): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (const pid of pids) {
    while (existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"))) {
      if (Date.now() > deadline) throw new Error(`runner ${pid} outlived its server`);
      await Bun.sleep(20);
    }
  }
}

function checkBooks(models: string): void {
  using db = new Database(join(models, "llamero.db"), { readonly: true });
  expect(db.query("pragma integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
  expect(db.query("pragma foreign_key_check").all()).toEqual([]);
}

/** What is acknowledged must be there, and what is deleted gone; the manifests beside the blobs say the same. */
async function checkPromises({ url }: KillableServer, known: Known, models: string): Promise<void> {
  const client = createClient({ host: url });
  const { data } = await client.api.tags.get();
  const digests = new Map((data?.models ?? []).map(({ name, digest }) => [name, digest]));
  for (const [model, possible] of known) {
    const name = `${model}:latest`;
    const report = digests.has(name) ? (await client.api.show.post({ model })).data : undefined;
    const system = digests.has(name) ? (report?.system ?? "not shown") : undefined;
    expect([model, [...possible]]).toEqual([model, expect.arrayContaining([system])]);
    known.set(model, new Set([system]));
    const file = join(models, "manifests/registry.ollama.ai/library", model, "latest");
    const digest = existsSync(file)
      ? new Bun.CryptoHasher("sha256").update(readFileSync(file)).digest("hex")
      : undefined;
    expect([model, digest]).toEqual([model, digests.get(name)]);
  }
}

async function checkBlobs({ url }: KillableServer): Promise<void> {
  for await (const line of createClient({ host: url }).verifyBlobs()) {
    if (line.status === "bad") throw new Error(`bad blob: ${JSON.stringify(line)}`);
  }
}

/** Pulls the model again and again until the server dies. @returns how often it arrived. */
async function pull({ url }: KillableServer, model: string): Promise<number> {
  for (let arrived = 0; ; ) {
    try {
      for await (const line of createClient({ host: url }).pull({ model, insecure: true })) {
        if (line.status === "success") arrived++;
      }
      await createClient({ host: url }).api.delete.delete({ model });
    } catch {
      // The connection has broken: the server is dead.
      return arrived;
    }
  }
}

test(
  `${ROUNDS} kills with SIGKILL lose nothing`,
  async () => {
    using home = tempDirectory();
    const models = join(home.path, "models");
    await using registry = await startRegistry({ bytesPerSecond: 4_000_000 });
    registry.publish("library/pulled:latest", registry.blob(MEDIA.model, await ggufWithWeights(8)));
    const pulled = `${registry.host}/library/pulled`;
    const env = { OLLAMA_ALLOWED_REGISTRIES: registry.host };
    const uploads = await crashUploads(4);
    const known: Known = new Map();
    const tally: Tally = { acknowledged: 0, byKind: {}, refused: [] };
    const clients = Array.from({ length: CLIENTS }, (_, id) => new CrashClient(id, known, tally, uploads));
    const random = seededRandom(42);
    let [longestStart, arrivals] = [0, 0];

    for (let round = 1; round <= ROUNDS; round++) {
      const began = performance.now();
      const server = await startKillable(home.path, env);
      longestStart = Math.max(longestStart, performance.now() - began);
      await checkPromises(server, known, models);
      expect(readdirSync(join(models, "blobs")).filter((name) => name.startsWith("tmp-"))).toEqual([]);
      if (round % LOSE_BOOKS_EVERY === 0) await checkBlobs(server);
      const working = Promise.all(clients.map((client) => client.work(server.url)));
      const pulling = pull(server, pulled);
      await Bun.sleep(100 + random() * 900);
      const runners = childrenOf(server.pid);
      await server.end("SIGKILL");
      await working;
      arrivals += await pulling;
      await untilGone(runners);
      checkBooks(models);
      if (round % LOSE_BOOKS_EVERY !== 0) continue;
      for (const suffix of ["", "-wal", "-shm"]) rmSync(join(models, `llamero.db${suffix}`), { force: true });
    }

    const server = await startKillable(home.path, env);
    await checkPromises(server, known, models);
    await checkBlobs(server);
    await server.end("SIGTERM");
    expect(tally.refused).toEqual([]);
    expect(tally.acknowledged).toBeGreaterThan(ROUNDS);
    console.log(
      `${ROUNDS} kills, ${tally.acknowledged} changes acknowledged (${JSON.stringify(tally.byKind)}), 0 lost; ` +
        `the books deleted ${ROUNDS / LOSE_BOOKS_EVERY} times; ${arrivals} pulls arrived; longest start ${(longestStart / 1000).toFixed(1)} s`,
    );
  },
  LIMIT_MS,
);
