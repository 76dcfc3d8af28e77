import { describe, expect, test } from "bun:test";
import { fakeApp, linesOf } from "../support/fake-app.ts";
import { ask, codes, created_at } from "../support/generate-fixture.ts";

describe("an answer", () => {
  test("streams one object a line", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a<", "é"], cachedTokens: 1 }];
    const reply = await ask({ prompt: "hi" }, app);
    expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "application/x-ndjson"]);
    expect(await reply.text()).toBe(
      [
        `{"model":"test","created_at":"${created_at}","response":"a\\u003c","done":false}`,
        `{"model":"test","created_at":"${created_at}","response":"é","done":false}`,
        `{"model":"test","created_at":"${created_at}","response":"","done":true,"done_reason":"stop",` +
          `"context":[104,105,97,60,233],"load_duration":1000000,"prompt_eval_count":2,` +
          `"prompt_eval_cached_count":1,"prompt_eval_duration":2000000,"eval_count":3,"eval_duration":3000000}`,
        "",
      ].join("\n"),
    );
    expect(app.engine.openLeases).toBe(0);
  });

  test("is one object without stream", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a", "b"], reason: "length" }];
    const reply = await ask({ prompt: "hi", stream: false }, app);
    expect(reply.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await reply.json()).toEqual({
      model: "test",
      created_at,
      response: "ab",
      done: true,
      done_reason: "length",
      context: codes("hiab"),
      load_duration: 1e6,
      prompt_eval_count: 2,
      prompt_eval_duration: 2e6,
      eval_count: 2,
      eval_duration: 3e6,
    });
    expect(app.engine.openLeases).toBe(0);
  });

  test("total_duration is there as soon as time passes", async () => {
    const app = fakeApp();
    const tick = app.engine.acquire.bind(app.engine);
    app.engine.acquire = (spec, options) => {
      app.clock.advance(5);
      return tick(spec, options);
    };
    // The fake clock's nanoseconds since the epoch are too large to be exact.
    expect(await (await ask({ prompt: "hi", stream: false }, app)).json()).toMatchObject({
      total_duration: expect.closeTo(5e6, -4),
    });
  });

  test("raw: the prompt as it is, and no context in the reply", async () => {
    const app = fakeApp();
    const reply = await ask({ prompt: "[x]", raw: true, stream: false }, app);
    expect(app.engine.tasks[0]!.tokens).toEqual(codes("[x]"));
    expect(await reply.json()).not.toHaveProperty("context");
  });

  test("the model is echoed as the client named it", async () => {
    const reply = await ask({ model: "TEST:latest", prompt: "hi", stream: false });
    expect(await reply.json()).toMatchObject({ model: "TEST:latest" });
  });
});

describe("no prompt", () => {
  test("loads the model", async () => {
    const app = fakeApp();
    const reply = await ask({ keep_alive: "10m" }, app);
    expect(reply.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await reply.json()).toEqual({
      model: "test",
      created_at,
      response: "",
      done: true,
      done_reason: "load",
    });
    expect(app.engine.acquired[0]!.options.keepAlive).toBe(600_000);
    expect(app.engine.openLeases).toBe(0);
  });

  test("and keep_alive 0 unloads it", async () => {
    const app = fakeApp();
    for (const keep_alive of [0, "0s", "0"]) {
      expect(await (await ask({ keep_alive }, app)).json()).toEqual({
        model: "test",
        created_at,
        response: "",
        done: true,
        done_reason: "unload",
      });
    }
    expect(app.engine.unloaded).toHaveLength(3);
    expect(app.engine.acquired).toHaveLength(0);
  });

  test("ignores images and suffix, and says so", async () => {
    const reply = await ask({ images: ["aGk="], suffix: "x" });
    expect(await reply.json()).toMatchObject({ done_reason: "load" });
    expect(reply.headers.get("warning")).toContain("images ignored");
    expect(reply.headers.get("warning")).toContain("suffix ignored");
  });
});

test("logprobs go with their chunk, and are merged without stream", async () => {
  const of = (token: string) => ({ token, logprob: -0.5, bytes: codes(token) });
  const top = [of("b"), of("c")];
  const reply = { texts: ["a", "b"], logprobs: [[of("a")], [{ ...of("b"), top }]] };
  const app = fakeApp();
  app.engine.replies = [reply, reply];
  const lines = await linesOf(await ask({ prompt: "hi", logprobs: true }, app));
  const second = { ...of("b"), top_logprobs: top };
  expect(lines.map((line) => (line as { logprobs?: unknown }).logprobs)).toEqual([
    [of("a")],
    [second],
    undefined,
  ]);
  const whole = await (await ask({ prompt: "hi", logprobs: true, stream: false }, app)).json();
  expect(whole).toMatchObject({ logprobs: [of("a"), second] });
});
