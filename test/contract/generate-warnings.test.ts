import { describe, expect, test } from "bun:test";
import { fakeApp, linesOf } from "../support/fake-app.ts";
import { ask } from "../support/generate-fixture.ts";

describe("never silent", () => {
  test.each([
    [{ promt: "x" }, "promt ignored: unknown field"],
    [{ options: { mirostat: 1 } }, "option mirostat ignored: unknown option"],
    [{ top_logprobs: 3 }, "top_logprobs ignored: logprobs is not set"],
  ])("%j", async (body, message) => {
    const app = fakeApp();
    const reply = await ask({ prompt: "hi", ...body }, app);
    expect(reply.headers.get("warning")).toBe(`199 - "${message}"`);
    expect(app.log.some((line) => line.includes("level=WARN") && line.includes(message))).toBe(true);
    await reply.text();
  });

  test("a context that is longer than the model was trained with", async () => {
    const app = fakeApp();
    const reply = await ask({ prompt: "hi", options: { num_ctx: 100_000 } }, app);
    expect(reply.headers.get("warning")).toBe(
      '199 - "num_ctx 100000 cut to 4096, the context length that the model was trained with"',
    );
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
