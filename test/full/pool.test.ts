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
import { allMiniLm, tinyLlama } from "../support/models.ts";
import { startPool, type TestPool } from "../support/pool.ts";
import { type Answer, ask, type Conversations, converse, flood, percentile } from "../support/pool-load.ts";
import { createModel, freePort } from "../support/server.ts";

const SLOTS = 4;
const ROOT = join(import.meta.dir, "../..");

let pool: TestPool;

beforeAll(async () => {
  pool = await startPool(3, { OLLAMA_NUM_PARALLEL: String(SLOTS) });
  const [tiny, bert] = [await tinyLlama(), await allMiniLm()];
  for (const member of pool.members) {
    await createModel(member, "tiny", tiny);
    await createModel(member, "bert", bert);
  }
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

async function whereabouts(url: string, keys: readonly string[]): Promise<string[]> {
  const members: string[] = [];
  for (const key of keys) members.push((await ask(url, { ...say(key), max_tokens: 1 })).member);
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
  expect(figures.roundRobin).toBeLessThan(0.75 * figures.single);
}, 240_000);

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
  const keys = Array.from({ length: 120 }, (_, at) => `key ${at}`);
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

test("interactive requests wait before a flood of embeddings", async () => {
  const embed = async (url: string): Promise<void> => {
    const input = `a text to embed ${Math.random()}`;
    const reply = await fetch(`${url}/api/embed`, {
      method: "POST",
      body: JSON.stringify({ model: "bert", input }),
    });
    if (reply.status !== 200) throw new Error(await reply.text());
    await reply.arrayBuffer();
  };
  const interactive = async (url: string): Promise<number[]> => {
    const times: number[] = [];
    for (let at = 0; at < 40; at++) times.push((await ask(url, { ...say(`now ${at}`), max_tokens: 64 })).ms);
    return times;
  };
  const measure = async (change?: (config: string) => string) => {
    await using haproxy = await behindHaproxy(change);
    const { url } = haproxy;
    await Promise.all(Array.from({ length: 12 }, () => embed(url)));
    await interactive(url);
    const idle = await interactive(url);
    await using _flood = flood(32, () => embed(url));
    await Bun.sleep(500);
    return { idle: percentile(idle, 0.95), beside: percentile(await interactive(url), 0.95) };
  };
  // One request at a time and member, as the servers' agents would otherwise say: three servers share these processors.
  const single = (config: string) =>
    config.replaceAll(/maxconn \d+ agent-check agent-port \d+ agent-inter 1s/g, "maxconn 1");
  const ordered = await measure(single);
  const unordered = await measure((config) => single(config).replace(/.*set-priority-class.*\n/, ""));
  report("p95 of interactive requests in ms", { ordered, unordered });
  expect(ordered.beside / ordered.idle).toBeLessThan(unordered.beside / unordered.idle);
}, 300_000);
