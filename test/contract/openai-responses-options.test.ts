import { describe, expect, test } from "bun:test";
import type { TokenLogprob } from "../../src/intent/generate.ts";
import { fakeApp } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";
import { answerOf, ask, streamOf, talker, text } from "../support/openai-responses-fixture.ts";

describe("options", () => {
  test("the model's own PARAMETERs hold where nothing is said", async () => {
    const app = fakeApp([fakeModel("test", { parameters: { temperature: 0.3, top_p: 0.5 } })]);
    await ask({}, app);
    expect(app.engine.tasks[0]!.sampling).toMatchObject({ temperature: 0.3, topP: 0.5 });
  });

  test("OpenAI's fields come before options", async () => {
    const app = fakeApp();
    const options = { top_k: 7, num_ctx: 128, temperature: 0.1, num_predict: 5 };
    await ask({ options, temperature: 0.9, max_output_tokens: 4, keep_alive: 60 }, app);
    expect(app.engine.tasks[0]!.sampling).toMatchObject({ topK: 7, temperature: 0.9, numPredict: 4 });
    expect(app.engine.acquired[0]!.spec.options).toEqual({ numCtx: 128 });
    expect(app.engine.acquired[0]!.options.keepAlive).toBeDefined();
  });

  test("text.format is a grammar", async () => {
    const app = fakeApp();
    const schema = { type: "object", properties: { a: { type: "integer" } }, required: ["a"] };
    await ask({ text: { format: { type: "json_schema", name: "s", schema } } }, app);
    await ask({ text: { format: { type: "json_object" } } }, app);
    await ask({ text: { format: { type: "text" } } }, app);
    const [one, two, three] = app.engine.tasks.map(({ grammar }) => grammar);
    expect(one).toContain("root ::=");
    expect(two).toContain("root ::=");
    expect(three).toBeUndefined();
  });

  test("a prompt that does not fit is refused, or shortened with truncation auto", async () => {
    const app = talker();
    app.engine.info = { ...app.engine.info, contextLength: 40 };
    const input = [
      { role: "user", content: "x".repeat(60) },
      { role: "assistant", content: "y" },
      { role: "user", content: "z" },
    ];
    const refused = await ask({ input }, app);
    expect<unknown>([refused.status, await refused.json()]).toMatchObject([
      400,
      {
        error: {
          message: expect.stringContaining("the context length is 40"),
          code: "context_length_exceeded",
        },
      },
    ]);
    const cut = await ask({ input, truncation: "auto", max_output_tokens: 2 }, app);
    expect([cut.status, cut.headers.get("warning")]).toEqual([200, expect.stringContaining("left out")]);
  });

  test("logprobs", async () => {
    const app = fakeApp();
    const scored: TokenLogprob = {
      token: "a",
      logprob: -0.5,
      bytes: [97],
      top: [{ token: "b", logprob: -1, bytes: [] }],
    };
    const wire = {
      token: "a",
      logprob: -0.5,
      bytes: [97],
      top_logprobs: [{ token: "b", logprob: -1, bytes: [] }],
    };
    const reply = { texts: ["a"], logprobs: [[scored]] };
    app.engine.replies = [reply, reply];
    const body = { include: ["message.output_text.logprobs"], top_logprobs: 1 };
    expect<unknown>(await answerOf(body, app)).toMatchObject({ output: [{ content: [text("a", [wire])] }] });
    expect(app.engine.tasks[0]!.logprobs).toBe(1);
    const events = await streamOf(body, app);
    expect<unknown>(events.find(({ delta }) => delta === "a")).toMatchObject({ logprobs: [wire] });
  });
});
