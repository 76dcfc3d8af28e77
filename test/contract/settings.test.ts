import { describe, expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";

const NEVER_UNLOADED = Number.POSITIVE_INFINITY;

describe("PATCH /api/settings", () => {
  const set = (body: object, app = fakeApp()) => app.send("PATCH", "/api/settings", body);

  test("sets, adds to what is set, and takes back", async () => {
    const app = fakeApp();
    const replies = [];
    for (const change of [
      { num_ctx: 2048, keep_alive: "10m" },
      { pinned: true, num_parallel: 2 },
      { keep_alive: "", num_ctx: 0, pinned: false },
      {},
    ]) {
      replies.push(await (await set({ model: "test", ...change }, app)).json());
    }
    const model = "test:latest";
    expect<unknown[]>(replies).toEqual([
      { model, num_ctx: 2048, keep_alive: "10m" },
      { model, num_ctx: 2048, keep_alive: "10m", pinned: true, num_parallel: 2 },
      { model, num_parallel: 2 },
      { model, num_parallel: 2 },
    ]);
  });

  test.each([
    [{ model: "none" }, 404, "model 'none' not found"],
    [{}, 400, "model is required"],
    [{ model: "test", num_ctx: -1 }, 400, "num_ctx must be a whole number from 0 to 2147483647, not -1"],
    [
      { model: "test", num_parallel: 1000 },
      400,
      "num_parallel must be a whole number from 0 to 256, not 1000",
    ],
  ])("%j: %i %s", async (body, status, error) => {
    const reply = await set(body);
    expect(reply.status).toBe(status);
    expect<unknown>(await reply.json()).toEqual({ error });
  });
});

describe("GET /api/settings", () => {
  test("tells what is set, and changes nothing", async () => {
    const app = fakeApp();
    const read = async () => (await app.send("GET", "/api/settings?model=test")).json();
    expect<unknown>(await read()).toEqual({ model: "test:latest" });
    await app.send("PATCH", "/api/settings", { model: "test", num_ctx: 2048, pinned: true });
    expect<unknown>(await read()).toEqual({ model: "test:latest", num_ctx: 2048, pinned: true });
  });

  test.each([
    ["", 400, "model is required"],
    ["?model=", 400, "model is required"],
    ["?model=none", 404, "model 'none' not found"],
  ])("%p: %i", async (query, status, error) => {
    const reply = await fakeApp().send("GET", `/api/settings${query}`);
    expect(reply.status).toBe(status);
    expect<unknown>(await reply.json()).toEqual({ error });
  });
});

describe("what is set counts", () => {
  const asked = async (settings: object, body: object = {}) => {
    const app = fakeApp();
    await app.send("PATCH", "/api/settings", { model: "test", ...settings });
    await (await app.send("POST", "/api/generate", { model: "test", prompt: "hi", ...body })).text();
    return app.engine.acquired[0]!;
  };

  test("where a request says nothing", async () => {
    const { spec, options } = await asked({ num_ctx: 1024, num_parallel: 3, keep_alive: 60 });
    expect(spec).toMatchObject({ parallel: 3, options: { numCtx: 1024 } });
    expect(options.keepAlive).toBe(60_000);
  });

  test("after the request's own word", async () => {
    const { spec, options } = await asked(
      { num_ctx: 1024, keep_alive: 60 },
      { options: { num_ctx: 512 }, keep_alive: 5 },
    );
    expect(spec.options).toMatchObject({ numCtx: 512 });
    expect(options.keepAlive).toBe(5000);
  });

  test("a pinned model stays, unless it is unloaded", async () => {
    expect((await asked({ pinned: true }, { keep_alive: 5 })).options.keepAlive).toBe(NEVER_UNLOADED);
    expect((await asked({ pinned: true }, { keep_alive: 0 })).options.keepAlive).toBe(0);
  });
});
