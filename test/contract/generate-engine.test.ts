import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/lib/errors.ts";
import { fakeApp, linesOf } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";
import { ask, created_at } from "../support/generate-fixture.ts";

describe("what the engine is asked", () => {
  test("options: default, PARAMETER, request", async () => {
    const app = fakeApp([
      fakeModel("test", { parameters: { temperature: 0.3, stop: ["END"], num_ctx: 1024 } }),
    ]);
    await (await ask({ prompt: "hi", options: { temperature: 0, num_thread: 2.9, seed: null } }, app)).text();
    expect(app.engine.tasks[0]!.sampling).toMatchObject({
      temperature: 0,
      stop: ["END"],
      topK: 40,
      seed: -1,
    });
    expect(app.engine.acquired[0]!.spec.options).toEqual({ numCtx: 1024, numThread: 2 });
  });

  test.each([
    [{}, undefined],
    [{ logprobs: false, top_logprobs: 0 }, undefined],
    [{ logprobs: true }, 0],
    [{ logprobs: true, top_logprobs: 3 }, 3],
  ])("logprobs: %j is %p", async (body, logprobs) => {
    const app = fakeApp();
    await (await ask({ prompt: "hi", ...body }, app)).text();
    expect(app.engine.tasks[0]!.logprobs).toBe(logprobs as number);
  });

  test("shift: the request's wish, as far as the model can", async () => {
    const app = fakeApp();
    await (await ask({ prompt: "hi" }, app)).text();
    await (await ask({ prompt: "hi", shift: false }, app)).text();
    app.engine.info = { ...app.engine.info, canShift: false };
    await (await ask({ prompt: "hi", shift: true }, app)).text();
    expect(app.engine.tasks.map(({ shift }) => shift)).toEqual([true, false, false]);
  });

  test("format becomes a grammar", async () => {
    const app = fakeApp();
    await (await ask({ prompt: "hi", format: "json" }, app)).text();
    await (await ask({ prompt: "hi", format: { type: "object" } }, app)).text();
    for (const format of ["", null]) await (await ask({ prompt: "hi", format }, app)).text();
    const grammars = app.engine.tasks.map(({ grammar }) => grammar);
    expect(grammars.slice(0, 2).every((grammar) => grammar?.includes("root ::="))).toBe(true);
    expect(grammars.slice(2)).toEqual([undefined, undefined]);
  });
});

describe("the engine fails", () => {
  test.each([
    [new AppError("busy", "server busy, please try again.  maximum pending requests exceeded"), 503],
    [new AppError("cancelled", "request canceled"), 499],
    [new AppError("engine", "model requires more memory"), 500],
  ])("before the first token: %s", async (error, status) => {
    for (const where of ["acquire", "generate"]) {
      const app = fakeApp();
      if (where === "acquire") app.engine.acquireError = error;
      else app.engine.replies = [{ error }];
      const reply = await ask({ prompt: "hi" }, app);
      expect([reply.status, await reply.json()]).toEqual([status, { error: error.message }]);
      expect(app.engine.openLeases).toBe(0);
    }
  });

  test("after it: the last line says so, under status 200", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], error: new AppError("engine", "gone") }];
    const reply = await ask({ prompt: "hi" }, app);
    expect(reply.status).toBe(200);
    expect(await linesOf(reply)).toEqual([
      { model: "test", created_at, response: "a", done: false },
      { error: "gone" },
    ]);
    expect(app.engine.openLeases).toBe(0);
  });

  test("without stream it has its status however far it got", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], error: new AppError("engine", "gone") }];
    const reply = await ask({ prompt: "hi", stream: false }, app);
    expect([reply.status, await reply.json()]).toEqual([500, { error: "gone" }]);
  });
});
