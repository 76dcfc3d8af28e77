import { describe, expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";
import { ask, codes, created_at } from "../support/generate-fixture.ts";

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
