/**
 * Three minutes of 300 connections over all kinds of routes, a third of which are dropped half-way: nobody is left without an answer,
 * nothing but the documented refusals comes back, and afterwards everything is free again.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { allMiniLm, tinyLlama } from "../support/models.ts";
import { seededRandom } from "../support/random.ts";
import { createModel, deriveModel, startServer, type TestServer } from "../support/server.ts";

const CONNECTIONS = 300;
const DURATION_MS = 180_000;
/** Part of the requests that the client gives up, at a random time. */
const DROPPED = 0.35;
const DROP_WITHIN_MS = 1_500;
/** Longest that an answer may take on a busy machine of two processors before it counts as none. */
const ANSWER_LIMIT_MS = 150_000;

let server: TestServer;

beforeAll(async () => {
  server = await startServer({
    OLLAMA_NUM_PARALLEL: "4",
    OLLAMA_MAX_QUEUE: "64",
    OLLAMA_MAX_LOADED_MODELS: "2",
  });
  await createModel(server, "tiny", await tinyLlama());
  await createModel(server, "bert", await allMiniLm());
  await deriveModel(server, "short", "tiny", { parameters: { num_predict: 4, num_ctx: 512 } });
}, 120_000);

afterAll(() => server.stop());

interface Kind {
  method: string;
  path: string;
  body?: object;
  /** Ends in a line or event that says so. */
  end?: string;
}

const generation = { options: { num_predict: 16 } };
const hello = [{ role: "user", content: "hello" }];

const KINDS: readonly Kind[] = [
  { method: "GET", path: "/api/version" },
  { method: "GET", path: "/api/tags" },
  { method: "GET", path: "/api/ps" },
  { method: "GET", path: "/v1/models" },
  { method: "POST", path: "/api/show", body: { model: "tiny" } },
  { method: "POST", path: "/api/show", body: { model: "none" } },
  {
    method: "POST",
    path: "/api/generate",
    body: { model: "tiny", prompt: "a", ...generation },
    end: '"done":true',
  },
  {
    method: "POST",
    path: "/api/generate",
    body: { model: "tiny", prompt: "a", stream: false, ...generation },
  },
  {
    method: "POST",
    path: "/api/chat",
    body: { model: "tiny", messages: hello, ...generation },
    end: '"done":true',
  },
  {
    method: "POST",
    path: "/api/chat",
    body: { model: "short", messages: hello, format: "json" },
    end: '"done":true',
  },
  { method: "POST", path: "/api/embed", body: { model: "bert", input: ["a", "b"] } },
  { method: "POST", path: "/api/tokenize", body: { model: "tiny", text: "hello" } },
  { method: "POST", path: "/api/copy", body: { source: "tiny", destination: "copied" } },
  {
    method: "POST",
    path: "/v1/chat/completions",
    body: { model: "tiny", messages: hello, max_tokens: 8, stream: true },
    end: "[DONE]",
  },
  {
    method: "POST",
    path: "/v1/messages",
    body: { model: "tiny", messages: hello, max_tokens: 8, stream: true },
    end: "message_stop",
  },
  {
    method: "POST",
    path: "/api/generate",
    body: { model: "tiny", prompt: "a", template: "{{ range 100000 }}{{ end }}a", ...generation },
    end: '"done":true',
  },
  { method: "POST", path: "/api/chat", body: { model: "tiny", messages: "no list" } },
];

/** What may come back: 404 of a model that there is not, 400 of a body that is none, 503 of a queue that is full. */
const ALLOWED = [200, 400, 404, 503];

const tally = new Map<string, number>();
const wrong: string[] = [];
const count = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1);

async function once(random: () => number): Promise<void> {
  const kind = KINDS[Math.floor(random() * KINDS.length)]!;
  const dropped = random() < DROPPED;
  const limit = dropped ? random() * DROP_WITHIN_MS : ANSWER_LIMIT_MS;
  const name = `${kind.method} ${kind.path}`;
  try {
    const reply = await fetch(server.url + kind.path, {
      method: kind.method,
      signal: AbortSignal.timeout(limit),
      ...(kind.body && { body: JSON.stringify(kind.body) }),
    });
    const text = await reply.text();
    count(String(reply.status));
    if (!ALLOWED.includes(reply.status)) wrong.push(`${name}: ${reply.status} ${text.slice(0, 200)}`);
    const ended = kind.end === undefined || text.includes(kind.end) || text.includes('"error"');
    if (reply.status === 200 && !ended) wrong.push(`${name}: a stream without its end: ${text.slice(-200)}`);
  } catch (error) {
    count(dropped ? "dropped" : "no answer");
    if (!dropped) wrong.push(`${name}: ${String(error)}`);
  }
}

const targetOf = (descriptor: string): string => {
  try {
    return readlinkSync(`/proc/${server.pid}/fd/${descriptor}`);
  } catch {
    return "";
  }
};

/** Files, pipes and the like that the server has open; sockets are connections that this process keeps alive. */
const descriptors = (): number =>
  readdirSync(`/proc/${server.pid}/fd`).filter((name) => !targetOf(name).startsWith("socket:")).length;
const residentMiB = (): number =>
  Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1]) / 1024;

/** The most that growth may be by chance: buffers, the cache of parsed templates, the heap before it is collected. */
const MOST_GROWN_MIB = 300;
const MOST_MORE_DESCRIPTORS = 10;

test.skipIf(process.platform !== "linux")(
  "300 connections for three minutes",
  async () => {
    for (const kind of KINDS.filter(({ body }) => body)) {
      await (await fetch(server.url + kind.path, { method: "POST", body: JSON.stringify(kind.body) })).text();
    }
    const before = { descriptors: descriptors(), memory: residentMiB() };
    const end = Date.now() + DURATION_MS;
    const clients = Array.from({ length: CONNECTIONS }, async (_, at) => {
      const random = seededRandom(at + 1);
      while (Date.now() < end) await once(random);
    });
    await Promise.all(clients);
    const reply = await fetch(`${server.url}/api/generate`, {
      method: "POST",
      body: JSON.stringify({ model: "tiny", prompt: "a", stream: false, ...generation }),
    });
    const after = { descriptors: descriptors(), memory: residentMiB() };
    const figures = [...tally].sort().map(([what, times]) => `${what}: ${times}`);
    console.log(
      `load: ${figures.join(", ")}; RSS ${before.memory.toFixed(0)} → ${after.memory.toFixed(0)} MiB`,
    );
    console.log(`load: descriptors ${before.descriptors} → ${after.descriptors}`);
    expect(wrong.slice(0, 10)).toEqual([]);
    expect(reply.status).toBe(200);
    expect(tally.get("200") ?? 0).toBeGreaterThan(CONNECTIONS);
    expect(after.memory - before.memory).toBeLessThan(MOST_GROWN_MIB);
    expect(after.descriptors - before.descriptors).toBeLessThan(MOST_MORE_DESCRIPTORS);
  },
  DURATION_MS + 2 * ANSWER_LIMIT_MS,
);
