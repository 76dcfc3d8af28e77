import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../src/lib/errors.ts";
import { type FakeApp, fakeApp } from "../support/fake-app.ts";

const chat = { model: "test", messages: [{ role: "user", content: "hi" }] };

async function ask(app: FakeApp, path: string, body?: object): Promise<void> {
  await (await app.send(body ? "POST" : "GET", path, body)).text();
  // The observers are told a moment after the reply.
  await Bun.sleep(0);
}

/** Lines of the metrics, without comments. */
async function scrape(app: FakeApp): Promise<string[]> {
  const reply = await app.send("GET", "/metrics");
  expect(reply.status).toBe(200);
  expect(reply.headers.get("content-type")).toStartWith("text/plain; version=0.0.4");
  return (await reply.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

/** Names of metrics, as queries use them. */
const namesIn = (text: string): string[] => [...new Set(text.match(/\b(?:llamero|process)_\w+/g))];

describe("GET /metrics", () => {
  test("requests, tokens and times, from before the first scrape and after it", async () => {
    const app = fakeApp();
    app.engine.replies = [
      { texts: ["a", "b"], cachedTokens: 2, cache: { source: "memory", reused: 2 } },
      { texts: ["c"], cachedTokens: 0, cache: { source: "none", reused: 0 } },
    ];
    await ask(app, "/api/chat", chat);
    expect(await scrape(app)).toContain(
      'llamero_requests_total{method="POST",route="/api/chat",status="200"} 1',
    );
    await ask(app, "/v1/chat/completions", chat);
    await ask(app, "/api/nothing");
    const lines = await scrape(app);
    for (const line of [
      'llamero_requests_total{method="POST",route="/v1/chat/completions",status="200"} 1',
      'llamero_requests_total{method="GET",route="none",status="404"} 1',
      'llamero_requests_total{method="GET",route="/metrics",status="200"} 1',
      'llamero_errors_total{kind="not_found"} 1',
      'llamero_model_requests_total{model="test:latest",kind="chat"} 2',
      'llamero_cached_tokens_total{model="test:latest",tier="memory"} 2',
      'llamero_cache_lookups_total{model="test:latest",tier="none"} 1',
      'llamero_time_to_first_token_seconds_count{model="test:latest"} 2',
    ]) {
      expect(lines).toContain(line);
    }
  });

  test.each([
    ["/api/embed", { model: "test", input: ["four", "eight ch"] }, 12],
    ["/v1/embeddings", { model: "test", input: "four" }, 4],
  ])("what is embedded counts too, and fills batches (%s)", async (path, body, tokens) => {
    const app = fakeApp();
    app.engine.batch = { steps: 2, tokens, capacity: 1024 };
    await ask(app, path, body);
    const lines = await scrape(app);
    for (const [name, value] of [
      ["llamero_prompt_tokens_total", tokens],
      ["llamero_batch_steps_total", 2],
      ["llamero_batch_tokens_total", tokens],
      ["llamero_batch_capacity_tokens_total", 1024],
    ]) {
      expect(lines).toContain(`${name}{model="test:latest"} ${value}`);
    }
  });

  test("the engine's state, without a model being loaded for it", async () => {
    const app = fakeApp();
    app.engine.waiting = [
      { model: "a:latest", caller: "x", batch: false, waitingMs: 1, waitsFor: "slot" },
      { model: "b:latest", caller: "x", batch: true, waitingMs: 1, waitsFor: "room" },
    ];
    app.engine.done = {
      ...app.engine.done,
      loads: 3,
      crashes: 1,
      restarts: 1,
      unloads: { ...app.engine.done.unloads, evict: 2, reload: 1 },
    };
    const lines = await scrape(app);
    for (const line of [
      'llamero_queue_requests{class="interactive"} 1',
      'llamero_queue_requests{class="batch"} 1',
      'llamero_model_loads_total{result="loaded"} 3',
      'llamero_model_unloads_total{reason="reload"} 1',
      'llamero_model_unloads_total{reason="keep_alive"} 0',
      "llamero_model_evictions_total 2",
      "llamero_runner_crashes_total 1",
      "llamero_runner_restarts_total 1",
      'llamero_build_info{version="1.2.3"} 1',
    ]) {
      expect(lines).toContain(line);
    }
    expect(app.engine.acquired).toEqual([]);
  });

  test("failures by kind, after the status was sent too", async () => {
    const app = fakeApp();
    // From the first scrape on, so that the first failure is an increase.
    expect(await scrape(app)).toContain('llamero_errors_total{kind="engine"} 0');
    app.engine.replies = [{ texts: ["a"], error: new AppError("engine", "gone") }];
    await ask(app, "/api/chat", chat);
    app.engine.acquireError = new AppError("busy", "server busy");
    await ask(app, "/api/chat", chat);
    const lines = await scrape(app);
    expect(lines).toContain('llamero_errors_total{kind="engine"} 1');
    expect(lines).toContain('llamero_errors_total{kind="busy"} 1');
  });

  test("whoever sends many names makes no many series", async () => {
    const app = fakeApp();
    await scrape(app);
    const before = (await scrape(app)).length;
    for (let at = 0; at < 50; at += 1) {
      await ask(app, `/api/${at}`);
      await ask(app, "/api/chat", { ...chat, model: `m${at}` });
    }
    expect((await scrape(app)).length - before).toBeLessThan(50);
  });

  test("the dashboard asks for metrics that there are, and docs name all of them", async () => {
    const app = fakeApp();
    const text = await (await app.send("GET", "/metrics")).text();
    const families = [...text.matchAll(/^# TYPE (\w+) (\w+)/gm)].map(([, name = "", type]) => ({
      name,
      type,
    }));
    const known = families.flatMap(({ name, type }) =>
      type === "histogram" ? ["_bucket", "_sum", "_count"].map((part) => name + part) : [name],
    );
    const file = (path: string) => readFileSync(join(import.meta.dir, "../..", path), "utf8");
    const asked = namesIn(file("deploy/grafana/llamero.json"));
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter((name) => !known.includes(name))).toEqual([]);
    const described = namesIn(file("docs/observability.md"));
    expect(families.map(({ name }) => name).filter((name) => !described.includes(name))).toEqual([]);
  });
});

describe("health", () => {
  test("alive and ready", async () => {
    const app = fakeApp();
    for (const path of ["/healthz", "/readyz"]) {
      const reply = await app.send("GET", path);
      expect([reply.status, await reply.text()]).toEqual([200, "ok"]);
    }
  });

  test("not ready while it goes down, and alive", async () => {
    const app = fakeApp();
    app.readiness.stopping();
    const reply = await app.send("GET", "/readyz");
    expect([reply.status, await reply.text()]).toEqual([503, "stopping"]);
    expect((await app.send("GET", "/healthz")).status).toBe(200);
  });
});
