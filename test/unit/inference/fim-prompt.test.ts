import { describe, expect, test } from "bun:test";
import { fakeApp } from "../../support/fake-app.ts";
import { fakeModel } from "../../support/fake-catalog.ts";

/** In the fake engine a token is a character, so that control tokens are letters of the private use area. */
const fim = {
  prefix: { id: 0xe001, text: "<PRE>" },
  suffix: { id: 0xe002, text: "<SUF>" },
  middle: { id: 0xe003, text: "<MID>" },
};

function appWith(contextLength: number, template?: string) {
  const model = fakeModel("coder", { capabilities: ["completion", "insert"] });
  const { template: _, ...bare } = model;
  const app = fakeApp([{ ...bare, ...(template !== undefined && { template }) }]);
  app.engine.info = { ...app.engine.info, contextLength, fim };
  const ask = (body: object) => app.send("POST", "/api/generate", { model: "coder", stream: false, ...body });
  return { app, ask, asked: () => String.fromCodePoint(...app.engine.tasks[0]!.tokens) };
}

describe("a suffix", () => {
  test("stands between the model's own tokens", async () => {
    const { ask, asked } = appWith(100);
    const reply = await ask({ prompt: "a(", suffix: ")b" });
    expect(reply.status).toBe(200);
    expect(asked()).toBe("\ue001a(\ue002)b\ue003");
  });

  test("goes where the TEMPLATE wants it, if there is one with a place for it", async () => {
    const { ask, asked } = appWith(100, "[{{ .Prompt }}|{{ .Suffix }}]");
    await ask({ prompt: "a", suffix: "b" });
    expect(asked()).toBe("[a|b]");
  });

  test("with a context that goes in front", async () => {
    const { ask, asked } = appWith(100);
    await ask({ prompt: "a", suffix: "b", context: [120, 121] });
    expect(asked()).toBe("xy\ue001a\ue002b\ue003");
  });

  test("is shown by _debug_render_only", async () => {
    const { app, ask } = appWith(100);
    const reply = await ask({ prompt: "a", suffix: "b", _debug_render_only: true });
    expect(await reply.json()).toMatchObject({
      _debug_info: { rendered_template: "<PRE>a<SUF>b<MID>", token_count: 5 },
    });
    expect(app.engine.tasks).toEqual([]);
  });

  test("that is too long loses what is far from the gap, and the client is told", async () => {
    const { ask, asked } = appWith(22);
    const reply = await ask({ prompt: "abcdefghijklmnop", suffix: "0123456789" });
    expect(asked()).toBe("\ue001klmnop\ue00201\ue003");
    expect(reply.headers.get("warning")).toContain("18 tokens cut out of the prompt");
    expect(await reply.json()).toMatchObject({ truncated: true });
  });

  test("that must not be cut is refused with both numbers", async () => {
    const { app, ask } = appWith(22);
    const reply = await ask({ prompt: "abcdefghijklmnop", suffix: "0123456789", truncate: false });
    expect(reply.status).toBe(400);
    const { error } = (await reply.json()) as { error: string };
    expect(error).toContain("the prompt has 29 tokens, the context length is 22");
    expect(app.engine.tasks).toEqual([]);
  });

  test("is refused by a model that has neither", async () => {
    const app = fakeApp();
    const reply = await app.send("POST", "/api/generate", { model: "test", prompt: "a", suffix: "b" });
    expect(reply.status).toBe(400);
    expect(await reply.json()).toEqual({
      error: "registry.ollama.ai/library/test:latest does not support insert",
    });
  });
});
