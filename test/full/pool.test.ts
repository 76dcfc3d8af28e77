/**
 * Three servers behind a real HAProxy and a real nginx, as `llamero pool init` and deploy/nginx configure them: what stays where its
 * prompt is, and what is lost when one is killed or stopped. The figures that it prints are those of docs/deployment.md.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runCli } from "../../src/cli/run-cli.ts";
import { checkHaproxy, startHaproxy, startNginx } from "../support/balancer.ts";
import { fakeCli } from "../support/fake-cli.ts";
import { allMiniLm, smollm2, tinyLlama } from "../support/models.ts";
import { standAside, startPool, type TestPool } from "../support/pool.ts";
import {
  type Answer,
  ask,
  type Conversations,
  converse,
  flood,
  floodFrom,
  percentile,
} from "../support/pool-load.ts";
import { createModel, freePort } from "../support/server.ts";

const SLOTS = 4;
const ROOT = join(import.meta.dir, "../..");

let pool: TestPool;

beforeAll(async () => {
  pool = await startPool(3, { OLLAMA_NUM_PARALLEL: String(SLOTS) });
  const files = { tiny: await tinyLlama(), bert: await allMiniLm(), smollm2: await smollm2() };
  for (const member of pool.members)
    for (const [name, file] of Object.entries(files)) await createModel(member, name, file);
}, 180_000);

afterAll(() => pool[Symbol.asyncDispose]());

/** What `pool init` writes for these servers, as the commands' user gets it. */
async function configuration(bind: string): Promise<string> {
  const cli = fakeCli();
  const argv = ["pool", "init", "--servers", pool.addresses.join(","), "--bind", bind];
  expect(await runCli([...argv, "--slots", String(SLOTS), "--agent-port", String(pool.agentPort)], cli)).toBe(
    0,
  );
  return cli.out();
}

/** That, started, with a header that names the member which answered. */
async function behindHaproxy(change = (config: string) => config) {
  const bind = `127.0.0.1:${freePort()}`;
  const url = `http://${bind}`;
  const config = (await configuration(bind)).replace(
    "backend llamero\n",
    "backend llamero\n    http-response set-header X-Served-By %s\n",
  );
  const balancer = await startHaproxy(change(config), url);
  return { url, [Symbol.asyncDispose]: () => balancer[Symbol.asyncDispose]() };
}

const roundRobin = (config: string): string =>
  config.replace(/ {4}stick (match|store).*\n/g, "").replace(/ {4}(balance hash|hash-).*\n/g, "");

async function behindNginx() {
  const port = freePort();
  const servers = pool.addresses.map((address) => `    server ${address};\n`).join("");
  const sites = readFileSync(join(ROOT, "deploy/nginx/llamero.conf"), "utf8")
    .replace(/( +server localhost:\d+;\n)+/, servers)
    .replace("listen 8080", `listen 127.0.0.1:${port}`);
  const url = `http://127.0.0.1:${port}`;
  const balancer = await startNginx(sites, url);
  return { url, [Symbol.asyncDispose]: () => balancer[Symbol.asyncDispose]() };
}

const say = (content: string) => ({ messages: [{ role: "user", content }] });
const nameOf = (at: number): string => pool.addresses[at]!.replace(":", "_");
const report = (what: string, figures: object): void =>
  console.log(`pool: ${what} ${JSON.stringify(figures)}`);

/** Requests without end, of conversations that come back, and whatever goes wrong with them. */
function load(url: string, width: number, tokens: number) {
  const [answers, failures]: [Answer[], string[]] = [[], []];
  let next = 0;
  const lanes = flood(width, async () => {
    try {
      const answer = await ask(url, { ...say(`load ${next++ % 40}`), max_tokens: tokens });
      answers.push(answer);
      if (answer.status !== 200) failures.push(`${answer.status} ${answer.text}`);
    } catch (error) {
      failures.push(String(error));
    }
  });
  return { answers, failures, [Symbol.asyncDispose]: () => lanes[Symbol.asyncDispose]() };
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await isSo()) return;
    await Bun.sleep(100);
  }
  throw new Error("it did not come to that within ten seconds");
}

/** The member that each conversation is sent to. */
async function whereabouts(url: string, keys: readonly string[], model = "tiny"): Promise<string[]> {
  const members: string[] = [];
  for (const key of keys) members.push((await ask(url, { model, ...say(key), max_tokens: 1 })).member);
  return members;
}

test("HAProxy finds no mistake in the configuration, nor anything to warn of", async () => {
  const { code, output } = await checkHaproxy(await configuration(":80"));
  expect(output).not.toMatch(/WARNING|ALERT/);
  expect(code).toBe(0);
});

test("prompts are found again as by a single server; round robin finds a part of them", async () => {
  const rate = async (
    url: string,
    from: number,
    says: Conversations["says"] = "nothing",
  ): Promise<number> => {
    const lanes = [0, 1, 2].map((lane) =>
      converse(url, { conversations: 8, turns: 4, from: from + lane * 100, says }),
    );
    const hits = await Promise.all(lanes);
    return (
      hits.reduce((sum, { found }) => sum + found, 0) /
      hits.reduce((sum, { continued }) => sum + continued, 0)
    );
  };
  await using haproxy = await behindHaproxy();
  await using plain = await behindHaproxy(roundRobin);
  await using nginx = await behindNginx();
  const figures = {
    single: await rate(pool.members[0]!.url, 1000),
    haproxy: await rate(haproxy.url, 2000),
    nginx: await rate(nginx.url, 3000, "session"),
    nginxByRoute: await rate(nginx.url, 5000, "route"),
    roundRobin: await rate(plain.url, 4000),
  };
  report("prompts found", figures);
  expect(figures.haproxy).toBeGreaterThanOrEqual(0.95 * figures.single);
  expect(figures.nginx).toBeGreaterThanOrEqual(0.95 * figures.single);
  expect(figures.nginxByRoute).toBeGreaterThanOrEqual(0.95 * figures.single);
  expect(figures.roundRobin).toBeLessThan(0.75 * figures.single);
}, 240_000);

test("what a response is continued by, or asked for, goes to the member that keeps it", async () => {
  await using haproxy = await behindHaproxy();
  const url = `${haproxy.url}/v1/responses`;
  const send = (method: string, path = "", body?: object) =>
    fetch(`${url}${path}`, { method, ...(body && { body: JSON.stringify({ model: "tiny", ...body }) }) });
  for (let at = 0; at < 12; at++) {
    const first = await send("POST", "", { input: `response ${at}`, max_output_tokens: 2 });
    const { id } = (await first.json()) as { id: string };
    const served = first.headers.get("x-served-by");
    // The key says another member, as after a conversation has moved.
    const next = {
      input: "and?",
      previous_response_id: id,
      prompt_cache_key: `other ${at}`,
      max_output_tokens: 2,
    };
    const continued = await send("POST", "", next);
    expect([continued.status, continued.headers.get("x-served-by")]).toEqual([200, served]);
    expect((await send("GET", `/${id}`)).status).toBe(200);
    expect((await send("DELETE", `/${id}`)).status).toBe(200);
  }
}, 60_000);

test("a conversation with too many requests for one server spills over", async () => {
  await using haproxy = await behindHaproxy();
  const served = async (width: number): Promise<Record<string, number>> => {
    const lanes = Array.from({ length: width }, async () => {
      const members: string[] = [];
      for (let turn = 0; turn < 6; turn++) {
        const answer = await ask(haproxy.url, { ...say("hot"), max_tokens: 24 });
        expect(answer.status).toBe(200);
        members.push(answer.member);
      }
      return members;
    });
    const all = (await Promise.all(lanes)).flat();
    return Object.fromEntries(
      [...new Set(all)].map((member) => [member, all.filter((each) => each === member).length]),
    );
  };
  await ask(haproxy.url, say("hot"));
  const [calm, hot] = [await served(SLOTS), await served(6 * SLOTS)];
  report("one conversation, by member", { [SLOTS]: calm, [6 * SLOTS]: hot });
  expect(Object.keys(calm)).toHaveLength(1);
  expect(Object.keys(hot).length).toBeGreaterThan(1);
}, 120_000);

test("kill -9 under load: nothing is lost that had not begun, and only the killed server's conversations move", async () => {
  await using haproxy = await behindHaproxy();
  const keys = Array.from({ length: 900 }, (_, at) => `key ${at}`);
  const before = await whereabouts(haproxy.url, keys);
  const under = load(haproxy.url, 12, 32);
  await Bun.sleep(1500);
  const atKill = under.answers.length;
  await pool.members[1]!.end("SIGKILL");
  await Bun.sleep(2500);
  await under[Symbol.asyncDispose]();
  const after = await whereabouts(haproxy.url, keys);
  await pool.restart(1);
  const moved = before.filter((member, at) => member !== after[at]);
  report("killed", {
    answers: under.answers.length,
    atKill,
    failures: under.failures.length,
    keys: keys.length,
    moved: moved.length,
  });
  expect(under.failures).toEqual([]);
  expect(under.answers.length).toBeGreaterThan(atKill);
  expect(new Set(moved)).toEqual(new Set([nameOf(1)]));
  // A third, and what chance makes of it: three standard deviations of so many keys that are spread evenly.
  expect(moved.length).toBeLessThan(keys.length / 3 + 3 * Math.sqrt((keys.length * 2) / 9));
  expect(after).not.toContain(nameOf(1));
}, 180_000);

test("SIGTERM: what is under way ends, the rest goes elsewhere, and nobody sees an error", async () => {
  await using haproxy = await behindHaproxy();
  const under = load(haproxy.url, 9, 64);
  await Bun.sleep(2500);
  const from = under.answers.length;
  await pool.members[2]!.end("SIGTERM");
  const stopped = under.answers.length;
  await Bun.sleep(1000);
  await under[Symbol.asyncDispose]();
  await pool.restart(2);
  const late = under.answers.slice(stopped).filter(({ member }) => member === nameOf(2));
  report("drained", {
    answers: under.answers.length,
    whileDraining: stopped - from,
    failures: under.failures.length,
  });
  expect(under.failures).toEqual([]);
  expect(under.answers.slice(0, from).some(({ member }) => member === nameOf(2))).toBe(true);
  expect(late).toEqual([]);
}, 180_000);

test("who hangs up is forgotten, whether he waited or was being answered, and a batch's slots are free again", async () => {
  await using haproxy = await behindHaproxy();
  const left = new AbortController();
  const batches = Array.from({ length: 12 }, () =>
    fetch(`${haproxy.url}/api/chat`, {
      method: "POST",
      headers: { "x-llamero-priority": "batch" },
      body: JSON.stringify({
        model: "smollm2",
        ...say("go on"),
        stream: false,
        options: { num_predict: 100_000 },
      }),
      signal: left.signal,
    }).catch(() => undefined),
  );
  const active = async (): Promise<number> => {
    const counts = pool.members.map(async ({ url }) => {
      const { models } = (await (await fetch(`${url}/api/ps`)).json()) as { models: { active?: number }[] };
      return models.reduce((sum, model) => sum + (model.active ?? 0), 0);
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  };
  await until(async () => (await active()) >= 3);
  left.abort();
  await Promise.all(batches);
  await until(async () => (await active()) === 0);
  // None of those that waited in the balancer comes after them.
  await Bun.sleep(1000);
  expect(await active()).toBe(0);
}, 60_000);

test("interactive requests hardly notice a flood of batches", async () => {
  const keys = Array.from({ length: 60 }, (_, at) => `now ${at}`);
  const sessionOf = (key: string) => ({ "x-session-id": key });
  const measure = async (kind: "embed" | "chat" | "document", change?: (config: string) => string) => {
    await using haproxy = await behindHaproxy(change);
    const { url } = haproxy;
    const mine: string[] = [];
    for (const key of keys) {
      const { member } = await ask(url, { ...say(key), max_tokens: 1 }, sessionOf(key));
      if (member === nameOf(0)) mine.push(key);
    }
    const interactive = async (): Promise<number> => {
      const times: number[] = [];
      for (let at = 0; at < 40; at++) {
        const key = mine[at % mine.length]!;
        const body = { model: "smollm2", ...say(key), max_tokens: 16 };
        const { status, ms } = await ask(url, body, sessionOf(key));
        expect(status).toBe(200);
        times.push(ms);
      }
      return percentile(times, 0.95);
    };
    await interactive();
    const idle = await interactive();
    await using batches = floodFrom(url, kind, 32);
    await batches.begun;
    const beside = await interactive();
    return { idle, beside, ratio: beside / idle, batches: batches.answered() };
  };
  // The other members are other machines: here they have what this one leaves of the processors.
  for (const { url } of pool.members) {
    await ask(url, { model: "smollm2", ...say("load"), max_tokens: 1 });
    await fetch(`${url}/api/embed`, {
      method: "POST",
      body: JSON.stringify({ model: "bert", input: "load" }),
    });
  }
  for (const member of pool.members.slice(1)) await standAside(member);
  const oneQueue = (config: string) => config.replace(/.*use_backend llamero_batch.*\n/, "");
  const figures = {
    embed: await measure("embed"),
    chat: await measure("chat"),
    document: await measure("document"),
    inOneQueue: await measure("embed", oneQueue),
  };
  report("p95 of interactive requests in ms", figures);
  expect(figures.embed.ratio).toBeLessThan(figures.inOneQueue.ratio);
}, 340_000);
