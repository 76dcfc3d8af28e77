/**
 * One caller never learns from the prompt cache what another has sent. An attacker with a key of his own guesses, a thousand times, whether
 * a text that he knows has just been sent by somebody else; what he is told and what the engine computes for him must not help.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { tinyLlama } from "../support/models.ts";
import { seededRandom } from "../support/random.ts";
import { digestOfFile, startServer, type TestServer } from "../support/server.ts";
import { tempDirectory } from "../support/store-fixture.ts";

const KEYS = {
  admin: "admin-key-0123456789abcdef",
  victim: "victim-key-0123456789abcde",
  attacker: "attacker-key-0123456789abc",
};
type Who = keyof typeof KEYS;

const TRIES = 1000;
/** Enough for a control that has to be told apart without a doubt. */
const CONTROL_TRIES = 100;
const SECRET_LETTERS = 160;
const LIMIT_MS = 600_000;

const folder = tempDirectory();
let server: TestServer;

beforeAll(async () => {
  const keys = join(folder.path, "keys");
  await Bun.write(
    keys,
    `admin ${KEYS.admin} scopes=admin\nvictim ${KEYS.victim}\nattacker ${KEYS.attacker}\n`,
  );
  server = await startServer({
    OLLAMA_API_KEYS_FILE: keys,
    OLLAMA_NUM_PARALLEL: "2",
    // Little enough for prompts to be evicted all the time, which the attacker must not be able to tell either.
    OLLAMA_CACHE_RAM: "16MB",
  });
  const gguf = await tinyLlama();
  const digest = await digestOfFile(gguf);
  await send("admin", `/api/blobs/${digest}`, Bun.file(gguf));
  await send("admin", "/api/create", JSON.stringify({ model: "tiny", files: { "tiny.gguf": digest } }));
}, LIMIT_MS);

afterAll(async () => {
  await server?.stop();
  await rm(folder.path, { recursive: true, force: true });
});

async function send(who: Who, path: string, body?: string | Blob): Promise<string> {
  const headers = { authorization: `Bearer ${KEYS[who]}`, "anthropic-version": "2023-06-01" };
  const reply = await fetch(`${server.url}${path}`, {
    method: body ? "POST" : "GET",
    headers,
    ...(body && { body }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${text}`);
  return text;
}

interface Usages {
  prompt_eval_cached_count?: number;
  cache_diagnostics?: { reason?: string; cached_tokens: number };
  usage?: {
    prompt_tokens_details?: { cached_tokens: number };
    input_tokens_details?: { cached_tokens: number };
    cache_read_input_tokens?: number;
  };
}

/** Every dialect asks in its way and tells in its way what came from the cache. */
const DIALECTS: { path: string; body(text: string): object; cached(reply: Usages): number }[] = [
  {
    path: "/api/chat",
    body: (content) => ({
      messages: [{ role: "user", content }],
      stream: false,
      cache_diagnostics: true,
      options: { num_predict: 1 },
    }),
    cached: ({ cache_diagnostics: told, prompt_eval_cached_count: count }) =>
      Math.max(told!.cached_tokens, count ?? 0),
  },
  {
    path: "/v1/chat/completions",
    body: (content) => ({ messages: [{ role: "user", content }], max_tokens: 1 }),
    cached: ({ usage }) => usage!.prompt_tokens_details!.cached_tokens,
  },
  {
    path: "/v1/messages",
    body: (content) => ({ messages: [{ role: "user", content }], max_tokens: 1 }),
    cached: ({ usage }) => usage!.cache_read_input_tokens!,
  },
  {
    path: "/v1/responses",
    body: (input) => ({ input, max_output_tokens: 1, store: false }),
    cached: ({ usage }) => usage!.input_tokens_details!.cached_tokens,
  },
];

/** Tokens that the engine has evaluated for all answers so far. */
async function evaluatedSoFar(): Promise<number> {
  const metrics = await send("admin", "/metrics");
  return Number(/^llamero_batch_tokens_total\{[^}]*\} (\d+)/m.exec(metrics)?.[1] ?? 0);
}

/** What the attacker can learn of one request: what he is told, and what is computed, which is the time that it takes. */
interface Seen {
  cached: number;
  evaluated: number;
}

let evaluatedBefore = 0;

/** A request of one token; the counts are those of this request alone, because nobody else asks meanwhile. */
async function ask(who: Who, text: string, dialect: number): Promise<Seen> {
  const { path, body, cached } = DIALECTS[dialect % DIALECTS.length]!;
  const reply = JSON.parse(await send(who, path, JSON.stringify({ model: "tiny", ...body(text) }))) as Usages;
  let evaluated = evaluatedBefore;
  // The metrics hear of it when the reply has gone.
  while (evaluated === evaluatedBefore) evaluated = await evaluatedSoFar();
  const seen = { cached: cached(reply), evaluated: evaluated - evaluatedBefore };
  evaluatedBefore = evaluated;
  return seen;
}

/** Secrets that somebody has sent just before, and others, in random order: what `spy` sees of both. */
async function observe(tries: number, seed: number, spy: Who): Promise<{ sent: Seen[]; unsent: Seen[] }> {
  const random = seededRandom(seed);
  const secret = () =>
    Array.from({ length: SECRET_LETTERS }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join(
      "",
    );
  const seen: { sent: Seen[]; unsent: Seen[] } = { sent: [], unsent: [] };
  for (let at = 0; at < tries; at++) {
    const [guess, other, isSent] = [secret(), secret(), random() < 0.5];
    await ask("victim", isSent ? guess : other, at);
    // The dialects have one template, so what came by one can be guessed by another.
    seen[isSent ? "sent" : "unsent"].push(await ask(spy, guess, at >> 2));
  }
  return seen;
}

/** The probability that a value of the first kind is greater than one of the second: 0.5 where they cannot be told apart, 0 or 1 where they can. */
function areaUnderCurve(first: readonly number[], second: readonly number[]): number {
  const wins = first.reduce(
    (sum, a) => sum + second.reduce((count, b) => count + (a > b ? 1 : a === b ? 0.5 : 0), 0),
    0,
  );
  return wins / (first.length * second.length);
}

/** How far from one half chance alone takes it, but for one time in fifteen thousand (four standard deviations). */
const chance = (first: number, second: number): number =>
  4 * Math.sqrt((first + second + 1) / (12 * first * second));

/** @returns how well `spy` tells by one of the counts, and what chance would do to that. */
async function told(tries: number, seed: number, spy: Who) {
  const { sent, unsent } = await observe(tries, seed, spy);
  const by = (what: keyof Seen): number =>
    areaUnderCurve(
      sent.map((seen) => seen[what]),
      unsent.map((seen) => seen[what]),
    );
  return { cached: by("cached"), evaluated: by("evaluated"), chance: chance(sent.length, unsent.length) };
}

test(
  "whoever sent the text himself can tell: more of it is cached, and less is evaluated",
  async () => {
    const { cached, evaluated } = await told(CONTROL_TRIES, 1, "victim");
    expect(cached).toBe(1);
    expect(evaluated).toBe(0);
  },
  LIMIT_MS,
);

test(
  `another caller cannot tell, in ${TRIES} tries`,
  async () => {
    const { cached, evaluated, chance: most } = await told(TRIES, 2, "attacker");
    expect(Math.abs(cached - 0.5)).toBeLessThan(most);
    expect(Math.abs(evaluated - 0.5)).toBeLessThan(most);
  },
  LIMIT_MS,
);
