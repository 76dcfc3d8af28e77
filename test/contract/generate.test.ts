import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/lib/errors.ts";
import { fakeApp, linesOf } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const created_at = "2026-01-02T03:04:05.25Z";
const full = "registry.ollama.ai/library/test:latest";
const codes = (text: string): number[] => Array.from(text, (char) => char.codePointAt(0)!);
const ask = (body: object, app = fakeApp()) => app.send("POST", "/api/generate", { model: "test", ...body });

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
          `"prompt_cached_count":1,"prompt_eval_duration":2000000,"eval_count":3,"eval_duration":3000000}`,
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

describe("the prompt", () => {
  const model = fakeModel("test", { system: "be brief" });
  test.each([
    [{ prompt: "hi" }, "[be brief] hi"],
    [{ prompt: "hi", system: "be long" }, "[be long] hi"],
    [{ prompt: "hi", template: "<{{ .System }}|{{ .Prompt }}>" }, "<be brief|hi>"],
    [{ prompt: "hi", raw: true }, "hi"],
  ])("%j", async (body, rendered) => {
    const app = fakeApp([model]);
    await (await ask(body, app)).text();
    expect(String.fromCodePoint(...app.engine.tasks[0]!.tokens)).toBe(rendered);
  });

  test("context goes in front, token by token", async () => {
    const app = fakeApp();
    await (await ask({ prompt: "hi", context: [1, 50, 51] }, app)).text();
    expect(app.engine.tasks[0]!.tokens).toEqual([1, 50, 51, ...codes("hi")]);
  });

  test("a context of tokens that the model does not have is refused", async () => {
    for (const token of [-1, 0x110000]) {
      const reply = await ask({ prompt: "hi", context: [token] });
      expect(reply.status).toBe(400);
    }
  });

  test("_debug_render_only shows it and generates nothing", async () => {
    const app = fakeApp([model]);
    const reply = await ask({ prompt: "hi", _debug_render_only: true }, app);
    expect(await reply.json()).toEqual({
      model: "test",
      created_at,
      response: "",
      done: false,
      _debug_info: { rendered_template: "[be brief] hi", token_count: 13 },
    });
    expect([app.engine.tasks, app.engine.openLeases]).toEqual([[], 0]);
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

describe("refused", () => {
  const unknown = { model: "nope", prompt: "hi" };
  test.each([
    [{ model: "", prompt: "hi" }, 404, "model '' not found"],
    [{ model: "a b", prompt: "hi" }, 400, "invalid model name"],
    [unknown, 404, "model 'nope' not found"],
    [{ model: "test:cloud" }, 403, "ollama cloud is disabled: remote model is unavailable"],
    [{ ...unknown, top_logprobs: 21 }, 400, "top_logprobs must be between 0 and 20"],
    [{ ...unknown, top_logprobs: -1 }, 400, "top_logprobs must be between 0 and 20"],
    [{ prompt: "hi", raw: true, system: "s" }, 400, "raw mode does not support template, system, or context"],
    [
      { prompt: "hi", raw: true, template: "t" },
      400,
      "raw mode does not support template, system, or context",
    ],
    [
      { prompt: "hi", raw: true, context: [1] },
      400,
      "raw mode does not support template, system, or context",
    ],
    [{ prompt: "hi", suffix: "x" }, 400, `${full} does not support insert`],
    [{ prompt: "hi", images: ["aGk="] }, 400, `${full} does not support vision`],
    [{ prompt: "hi", think: true }, 400, '"test" does not support thinking'],
    [
      { prompt: "hi", format: "xml" },
      400,
      `invalid format: "\\"xml\\""; expected "json" or a valid JSON Schema object`,
    ],
    [{ prompt: "hi", format: 5 }, 400, 'invalid format: "5"; expected "json" or a valid JSON Schema object'],
    [{ prompt: "hi", options: { num_ctx: "x" } }, 400, 'option "num_ctx" must be of type integer'],
    [{ prompt: "hi", options: { stop: "x" } }, 400, 'option "stop" must be of type array'],
  ])("%j", async (body, status, error) => {
    const app = fakeApp();
    const reply = await ask(body, app);
    expect([reply.status, await reply.json()]).toEqual([status, { error }]);
    expect(app.engine.openLeases).toBe(0);
  });

  test("a model that only embeds", async () => {
    const reply = await ask(
      { model: "bert", prompt: "hi" },
      fakeApp([fakeModel("bert", { capabilities: ["embedding"] })]),
    );
    expect([reply.status, await reply.json()]).toEqual([400, { error: '"bert" does not support generate' }]);
  });

  test("raw and thinking are looked at in Ollama's order", async () => {
    const reply = await ask({ prompt: "hi", raw: true, system: "s", think: true });
    expect(await reply.json()).toEqual({ error: "raw mode does not support template, system, or context" });
  });

  test("a template that does not parse", async () => {
    const app = fakeApp();
    const reply = await ask({ prompt: "hi", template: "{{ .Prompt" }, app);
    expect([reply.status, await reply.json()]).toEqual([500, { error: "template: :1: unclosed action" }]);
    expect(app.engine.openLeases).toBe(0);
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

describe("never silent", () => {
  test.each([
    [{ promt: "x" }, "promt ignored: unknown field"],
    [{ options: { mirostat: 1 } }, "option mirostat ignored: unknown option"],
    [
      { options: { draft_num_predict: 4 } },
      "option draft_num_predict ignored: the engine does not use draft models",
    ],
    [{ top_logprobs: 3 }, "top_logprobs ignored: logprobs is not set"],
  ])("%j", async (body, message) => {
    const app = fakeApp();
    const reply = await ask({ prompt: "hi", ...body }, app);
    expect(reply.headers.get("warning")).toBe(`199 - "${message}"`);
    expect(app.log.some((line) => line.includes("level=WARN") && line.includes(message))).toBe(true);
    await reply.text();
  });

  test("nothing ignored, no header", async () => {
    const reply = await ask({ prompt: "hi", options: { seed: 1, draft_num_predict: 0 } });
    expect(reply.headers.get("warning")).toBeNull();
    await reply.text();
  });

  test("a prompt that was shortened", async () => {
    const app = fakeApp();
    app.engine.info = { ...app.engine.info, contextLength: 16 };
    const reply = await ask({ prompt: "x".repeat(100), raw: true }, app);
    expect(reply.headers.get("warning")).toBe(
      '199 - "90 tokens cut out of the prompt to fit the context of 16 tokens"',
    );
    expect((await linesOf(reply)).at(-1)).toMatchObject({ done: true, truncated: true });
    expect(app.engine.tasks[0]!.tokens.length).toBeLessThan(16);
  });

  test("one that may not be is refused", async () => {
    const app = fakeApp();
    app.engine.info = { ...app.engine.info, contextLength: 16 };
    const reply = await ask({ prompt: "x".repeat(100), raw: true, truncate: false }, app);
    expect(reply.status).toBe(400);
    const { error } = (await reply.json()) as { error: string };
    expect(error).toContain("the prompt has 100 tokens, the context length is 16");
  });

  test("says so without stream as well", async () => {
    const app = fakeApp();
    app.engine.info = { ...app.engine.info, contextLength: 16 };
    const reply = await ask({ prompt: "x".repeat(100), raw: true, stream: false }, app);
    expect(reply.headers.get("warning")).toContain("90 tokens cut out");
    expect(await reply.json()).toMatchObject({ done: true, truncated: true });
  });
});
