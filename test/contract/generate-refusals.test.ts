import { describe, expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";
import { ask } from "../support/generate-fixture.ts";

const full = "registry.ollama.ai/library/test:latest";

describe("refused", () => {
  const unknown = { model: "nope", prompt: "hi" };
  test.each([
    [{ model: "", prompt: "hi" }, 404, "model '' not found"],
    [{ model: "a b", prompt: "hi" }, 400, "invalid model name"],
    [unknown, 404, "model 'nope' not found"],
    [
      { model: "test:cloud" },
      403,
      'ollama cloud is disabled: remote model is unavailable ("test:cloud" is a cloud model: it runs on ollama.com only)',
    ],
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
