import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/lib/errors.ts";
import { fakeApp, linesOf } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const created_at = "2026-01-02T03:04:05.25Z";
const full = "registry.ollama.ai/library/test:latest";
const user = (content: string) => ({ role: "user", content });
const ask = (body: object, app = fakeApp()) =>
  app.send("POST", "/api/chat", { model: "test", messages: [user("hi")], ...body });

describe("an answer", () => {
  test("streams one object a line", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a", "b"] }];
    const reply = await ask({}, app);
    expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "application/x-ndjson"]);
    expect(await reply.text()).toBe(
      [
        `{"model":"test","created_at":"${created_at}","message":{"role":"assistant","content":"a"},"done":false}`,
        `{"model":"test","created_at":"${created_at}","message":{"role":"assistant","content":"b"},"done":false}`,
        `{"model":"test","created_at":"${created_at}","message":{"role":"assistant","content":""},"done":true,` +
          `"done_reason":"stop","load_duration":1000000,"prompt_eval_count":2,"prompt_eval_duration":2000000,` +
          `"eval_count":2,"eval_duration":3000000}`,
        "",
      ].join("\n"),
    );
    expect(app.engine.openLeases).toBe(0);
  });

  test("is one object without stream, and has no context", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a", "b"], reason: "length" }];
    expect(await (await ask({ stream: false }, app)).json()).toEqual({
      model: "test",
      created_at,
      message: { role: "assistant", content: "ab" },
      done: true,
      done_reason: "length",
      load_duration: 1e6,
      prompt_eval_count: 2,
      prompt_eval_duration: 2e6,
      eval_count: 2,
      eval_duration: 3e6,
    });
  });

  test("an error after the first token is the last line", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], error: new AppError("engine", "gone") }];
    expect((await linesOf(await ask({}, app))).at(-1)).toEqual({ error: "gone" });
  });
});

describe("no messages", () => {
  const frame = { model: "test", created_at, message: { role: "assistant", content: "" }, done: true };

  test.each([{ messages: [] }, { messages: null }])("%j loads the model", async (body) => {
    const app = fakeApp();
    expect(await (await ask(body, app)).json()).toEqual({ ...frame, done_reason: "load" });
    expect([app.engine.acquired.length, app.engine.openLeases]).toEqual([1, 0]);
  });

  test("and keep_alive 0 unloads it", async () => {
    const app = fakeApp();
    expect(await (await ask({ messages: [], keep_alive: 0 }, app)).json()).toEqual({
      ...frame,
      done_reason: "unload",
    });
    expect([app.engine.acquired.length, app.engine.unloaded.length]).toEqual([0, 1]);
  });
});

describe("refused", () => {
  const tools = [{ type: "function", function: { name: "f" } }];
  const badArguments = [{ function: { name: "f", arguments: "{}" } }];
  const images = ["aGk="];
  test.each([
    [{ model: "" }, 400, "model is required"],
    [{ model: " " }, 400, "model is required"],
    [{ model: "a b" }, 400, "invalid model name"],
    [{ model: "nope" }, 404, "model 'nope' not found"],
    [{ model: "", top_logprobs: 21 }, 400, "top_logprobs must be between 0 and 20"],
    [{ tools }, 400, `${full} does not support tools`],
    [{ messages: [{ role: "user", content: "", images }] }, 400, `${full} does not support vision`],
    [{ think: "high" }, 400, '"test" does not support thinking'],
    [{ format: [] }, 400, 'invalid format: "[]"; expected "json" or a valid JSON Schema object'],
    [
      { messages: [{ role: "assistant", tool_calls: badArguments }] },
      400,
      "Value looks like object, but can't find closing '}' symbol",
    ],
  ])("%j", async (body, status, error) => {
    const reply = await ask(body);
    expect([reply.status, await reply.json()]).toEqual([status, { error }]);
  });

  test("a model that only embeds", async () => {
    const app = fakeApp([fakeModel("bert", { capabilities: ["embedding"] })]);
    const reply = await ask({ model: "bert", messages: [] }, app);
    expect([reply.status, await reply.json()]).toEqual([400, { error: '"bert" does not support chat' }]);
  });
});

describe("the prompt", () => {
  const model = fakeModel("test", {
    system: "be brief",
    messages: [user("before"), { role: "assistant", content: "yes" }],
    template: "{{ range .Messages }}<{{ .Role }}>{{ .Content }}{{ end }}",
  });
  const before = "<user>before<assistant>yes";
  test.each([
    [{}, `<system>be brief${before}<user>hi`],
    [{ messages: [{ role: "SYSTEM", content: "s" }, user("hi")] }, `${before}<system>s<user>hi`],
  ])("%j", async (body, rendered) => {
    const app = fakeApp([model]);
    await (await ask(body, app)).text();
    expect(String.fromCodePoint(...app.engine.tasks[0]!.tokens)).toBe(rendered);
  });

  test("_debug_render_only shows it", async () => {
    const app = fakeApp([model]);
    expect(await (await ask({ _debug_render_only: true }, app)).json()).toEqual({
      model: "test",
      created_at,
      message: { role: "assistant", content: "" },
      done: false,
      _debug_info: { rendered_template: `<system>be brief${before}<user>hi`, token_count: 50 },
    });
    expect(app.engine.tasks).toEqual([]);
  });

  test("old messages are dropped when it does not fit, and the client is told", async () => {
    const app = fakeApp([fakeModel("test", { template: model.template! })]);
    app.engine.info = { ...app.engine.info, contextLength: 32 };
    const messages = [user("old ".repeat(20)), { role: "assistant", content: "a" }, user("now")];
    const reply = await ask({ messages }, app);
    expect(reply.headers.get("warning")).toBe(
      '199 - "1 of the oldest messages left out to fit the context of 32 tokens"',
    );
    expect((await linesOf(reply)).at(-1)).toMatchObject({ truncated: true });
    expect(String.fromCodePoint(...app.engine.tasks[0]!.tokens)).toBe("<assistant>a<user>now");
  });
});

describe("a conversation that does not fit", () => {
  const long = [user("old ".repeat(20)), { role: "assistant", content: "a" }, user("now")];
  const smallApp = () => {
    const app = fakeApp([
      fakeModel("test", { template: "{{ range .Messages }}<{{ .Role }}>{{ .Content }}{{ end }}" }),
    ]);
    app.engine.info = { ...app.engine.info, contextLength: 32 };
    return app;
  };

  test("leaves room for the answer, and says so without stream as well", async () => {
    const app = smallApp();
    const reply = await ask({ messages: long, stream: false, options: { num_predict: 8 } }, app);
    expect(reply.headers.get("warning")).toContain("1 of the oldest messages left out");
    expect(await reply.json()).toMatchObject({ done: true, truncated: true });
    expect(app.engine.tasks[0]!.tokens.length).toBeLessThanOrEqual(32 - 8);
  });

  test("is refused with both numbers when it must not be cut", async () => {
    const app = smallApp();
    const reply = await ask({ messages: long, truncate: false }, app);
    expect(reply.status).toBe(400);
    const { error } = (await reply.json()) as { error: string };
    expect(error).toMatch(/the prompt has \d{3} tokens, the context length is 32/);
    expect(app.engine.tasks).toEqual([]);
  });
});

describe("never silent", () => {
  test.each([
    [{ n: 2 }, "n ignored: unknown field"],
    [{ messages: [{ ...user("hi"), name: "me" }] }, "messages.name ignored: unknown field"],
  ])("%j", async (body, message) => {
    const reply = await ask(body);
    expect(reply.headers.get("warning")).toBe(`199 - "${message}"`);
    await reply.text();
  });
});
