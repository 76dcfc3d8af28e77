import { describe, expect, test } from "bun:test";
import { digestOfHex } from "../../src/lib/digest.ts";
import { AppError, notFound } from "../../src/lib/errors.ts";
import type { PullReport } from "../../src/registry/puller.ts";
import { fakeApp, linesOf } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const digest = `sha256:${"a".repeat(64)}`;
const name = { host: "registry.ollama.ai", namespace: "library", model: "m", tag: "latest" };

describe("POST /api/pull", () => {
  test("streams what the pull says", async () => {
    const { puller, send } = fakeApp();
    puller.progress = [
      { status: "pulling manifest" },
      { status: "pulling aaaaaaaaaaaa", digest, total: 9 },
      { status: "pulling aaaaaaaaaaaa", digest, total: 9, completed: 9 },
    ];
    const reply = await send("POST", "/api/pull", { model: "m" });
    expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "application/x-ndjson"]);
    expect(await linesOf(reply)).toEqual([...puller.progress, { status: "success" }]);
    expect(puller.pulled).toEqual([{ name, insecure: false }]);
  });

  test("without stream: the last line alone, as JSON", async () => {
    const { send } = fakeApp();
    const reply = await send("POST", "/api/pull", { name: "m", stream: false });
    expect([reply.headers.get("content-type"), await reply.text()]).toEqual([
      "application/json",
      '{"status":"success"}',
    ]);
  });

  test("insecure, and a password for the registry", async () => {
    const { puller, send } = fakeApp();
    await send("POST", "/api/pull", { model: "m", insecure: true, username: "me", password: "secret" });
    const credentials = { username: "me", password: "secret" };
    expect(puller.pulled).toEqual([{ name, insecure: true, credentials }]);
  });

  test("a failure is the last line of a stream, and has its status without one", async () => {
    const { puller, send } = fakeApp();
    puller.onPull = () => {
      throw notFound("pull model manifest: file does not exist");
    };
    const error = { error: "pull model manifest: file does not exist" };
    const streamed = await send("POST", "/api/pull", { model: "m" });
    expect([streamed.status, await linesOf(streamed)]).toEqual([
      200,
      [{ status: "pulling manifest" }, error],
    ]);
    const single = await send("POST", "/api/pull", { model: "m", stream: false });
    expect([single.status, await single.json()]).toEqual([404, error]);
    puller.onPull = () => {
      throw new AppError("upstream", "pull model manifest: 412: old");
    };
    expect((await send("POST", "/api/pull", { model: "m", stream: false })).status).toBe(502);
  });

  test.each([
    [{}, 400, "invalid model name"],
    [{ model: "a b" }, 400, "invalid model name"],
    [
      { model: "m:cloud" },
      403,
      'ollama cloud is disabled: remote model is unavailable ("m:cloud" is a cloud model: it runs on ollama.com only)',
    ],
  ])("%j is refused", async (body, status, error) => {
    const { puller, send } = fakeApp();
    const reply = await send("POST", "/api/pull", body);
    expect([reply.status, await reply.json()]).toEqual([status, { error }]);
    expect(puller.pulled).toEqual([]);
  });
});

describe("POST /api/create", () => {
  test("from a model that is not here pulls it first", async () => {
    const { puller, catalog, send } = fakeApp([]);
    puller.onPull = () => void catalog.models.push(fakeModel("base"));
    const lines = await linesOf(await send("POST", "/api/create", { model: "mine", from: "base" }));
    expect(lines).toEqual([
      { status: "pulling manifest" },
      { status: "writing manifest" },
      { status: "success" },
    ]);
    expect(puller.pulled).toEqual([{ name: { ...name, model: "base" }, insecure: false }]);
  });

  test("from one that is here, or from files, pulls nothing", async () => {
    const { puller, send } = fakeApp([fakeModel("base")]);
    await linesOf(await send("POST", "/api/create", { model: "mine", from: "BASE" }));
    await linesOf(await send("POST", "/api/create", { model: "mine", files: { "x.gguf": digest } }));
    expect(puller.pulled).toEqual([]);
  });
});

describe("pulls", () => {
  const report: PullReport = {
    id: 7,
    model: "m:latest",
    state: "running",
    total: 100,
    completed: 50,
    rate: 20,
    startedAt: Date.UTC(2026, 0, 2),
    updatedAt: Date.UTC(2026, 0, 2),
  };

  test("GET /api/pulls tells rate and seconds left of one that runs", async () => {
    const { puller, send } = fakeApp();
    puller.reports = [report, { ...report, id: 6, state: "paused", rate: 0, error: "why" }];
    const { pulls } = (await (await send("GET", "/api/pulls")).json()) as { pulls: object[] };
    expect(pulls[0]).toMatchObject({ id: 7, model: "m:latest", completed: 50, rate: 20, seconds_left: 3 });
    expect(pulls[0]).not.toHaveProperty("startedAt");
    expect(Date.parse((pulls[0] as { started_at: string }).started_at)).toBe(report.startedAt);
    expect(pulls[1]).toMatchObject({ id: 6, state: "paused", error: "why" });
    expect(pulls[1]).not.toHaveProperty("seconds_left");
  });

  test("DELETE /api/pulls/:id", async () => {
    const { puller, send } = fakeApp();
    puller.reports = [report];
    expect((await send("DELETE", "/api/pulls/7")).status).toBe(200);
    const none = await send("DELETE", "/api/pulls/8");
    expect([none.status, await none.json()]).toEqual([404, { error: "there is no pull 8" }]);
    expect((await send("DELETE", "/api/pulls/x")).status).toBe(400);
    expect(puller.removed).toEqual([7, 8]);
  });

  test("GET /api/outdated asks about every installed model", async () => {
    const { puller, send } = fakeApp([fakeModel("a"), fakeModel("b")]);
    puller.freshness.set("a", { name: "a:latest", state: "outdated", local: "1", remote: "2" });
    puller.freshness.set("b", { name: "b:latest", state: "unknown", local: "3", reason: "why" });
    expect(await (await send("GET", "/api/outdated")).json()).toEqual({
      models: [...puller.freshness.values()],
    });
  });

  test("POST /api/prune is a dry run unless it is told otherwise", async () => {
    const { puller, send } = fakeApp();
    puller.prunable = [{ digest: digestOfHex("a".repeat(64)), kind: "partial", size: 5 }];
    const files = puller.prunable;
    expect(await (await send("POST", "/api/prune", {})).json()).toEqual({ dry_run: true, files, bytes: 5 });
    await send("POST", "/api/prune", { dry_run: false });
    expect(puller.pruned).toEqual([true, false]);
  });

  test("POST /api/prune with `cache` is about the prompts on disk, and no blob", async () => {
    const { puller, prompts, send } = fakeApp();
    const weights = digestOfHex("b".repeat(64));
    prompts.models = [{ weights, bytes: 700 }];
    const files = [{ digest: weights, kind: "prompts", size: 700 }];
    const look = await send("POST", "/api/prune", { cache: true });
    expect(await look.json()).toEqual({ dry_run: true, files, bytes: 700 });
    const clear = await send("POST", "/api/prune", { cache: true, dry_run: false });
    expect(await clear.json()).toEqual({ dry_run: false, files, bytes: 700 });
    expect(prompts.models).toEqual([]);
    expect(puller.pruned).toEqual([]);
  });
});
