import { describe, expect, test } from "bun:test";
import type { TokenLogprob } from "../../src/intent/generate.ts";
import { thinker } from "../support/anthropic.ts";
import { fakeApp, promptsOf } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";
import { ask } from "../support/openai-chat-fixture.ts";

describe("options", () => {
  test("the model's own PARAMETERs hold where nothing is said", async () => {
    const app = fakeApp([fakeModel("test", { parameters: { temperature: 0.3, top_p: 0.5, stop: ["x"] } })]);
    await ask({}, app);
    expect(app.engine.tasks[0]!.sampling).toMatchObject({ temperature: 0.3, topP: 0.5, stop: ["x"] });
  });

  test("OpenAI's fields come before options, options before PARAMETERs", async () => {
    const app = fakeApp([fakeModel("test", { parameters: { top_k: 1, num_ctx: 9 } })]);
    const body = {
      options: { top_k: 7, num_ctx: 128, temperature: 0.1 },
      temperature: 0.9,
      max_tokens: 3,
      max_completion_tokens: 4,
      stop: "end",
      frequency_penalty: 0.5,
      presence_penalty: 0.25,
    };
    expect((await ask(body, app)).headers.get("warning")).toBeNull();
    expect(app.engine.tasks[0]!.sampling).toMatchObject({
      topK: 7,
      temperature: 0.9,
      numPredict: 4,
      stop: ["end"],
      frequencyPenalty: 0.5,
      presencePenalty: 0.25,
    });
    expect(app.engine.acquired[0]!.spec.options).toEqual({ numCtx: 128 });
  });

  test("options that other local servers have beside OpenAI's fields", async () => {
    const app = fakeApp();
    const body = {
      options: { top_k: 7 },
      ...{ top_k: 3, min_p: 0.1, typical_p: 0.9, repeat_last_n: 9, repetition_penalty: 1.3, num_ctx: 128 },
    };
    expect((await ask(body, app)).headers.get("warning")).toBeNull();
    const wanted = { topK: 3, minP: 0.1, typicalP: 0.9, repeatLastN: 9, repeatPenalty: 1.3 };
    expect(app.engine.tasks[0]!.sampling).toMatchObject(wanted);
    expect(app.engine.acquired[0]!.spec.options).toEqual({ numCtx: 128 });
    expect((await ask({ num_ctx: -1 }, app)).status).toBe(400);
  });

  test.each<[object, string]>([
    [{ think: false }, "think=false"],
    [{ think: "low" }, "think=true low"],
    [{ enable_thinking: false }, "think=false"],
    [{ chat_template_kwargs: { enable_thinking: false } }, "think=false"],
    [{ chat_template_kwargs: { thinking: false } }, "think=false"],
    [{ thinking: { type: "disabled" } }, "think=false"],
    [{ reasoning: { enabled: false } }, "think=false"],
    [{ reasoning_effort: "high", think: false }, "think=true high"],
  ])("thinking as other servers know it: %j", async (body, rendered) => {
    const app = thinker();
    expect((await ask(body, app)).headers.get("warning")).toBeNull();
    expect(promptsOf(app)[0]).toContain(rendered);
    // A model that cannot think answers without.
    expect((await ask({ ...body, reasoning_effort: null })).status).toBe(200);
  });

  test("what else a template could be told is ignored with a Warning", async () => {
    const reply = await ask({ chat_template_kwargs: { style: "short" } });
    expect([reply.status, reply.headers.get("warning")]).toEqual([
      200,
      '199 - "chat_template_kwargs.style ignored: unknown field"',
    ]);
  });

  test("response_format is a grammar", async () => {
    const app = fakeApp();
    const schema = { type: "object", properties: { a: { type: "integer" } }, required: ["a"] };
    await ask({ response_format: { type: "json_schema", json_schema: { name: "s", schema } } }, app);
    await ask({ response_format: { type: "json_object" } }, app);
    await ask({ response_format: { type: "text" } }, app);
    const [one, two, three] = app.engine.tasks.map(({ grammar }) => grammar);
    expect(one).toContain("root ::=");
    expect(two).toContain("root ::=");
    expect(three).toBeUndefined();
  });

  test("logprobs", async () => {
    const app = fakeApp();
    const scored: TokenLogprob = {
      token: "a",
      logprob: -0.5,
      bytes: [97],
      top: [{ token: "b", logprob: -1, bytes: [] }],
    };
    app.engine.replies = [{ texts: ["a"], logprobs: [[scored]] }];
    const { choices } = (await (await ask({ logprobs: true, top_logprobs: 1 }, app)).json()) as {
      choices: { logprobs: object }[];
    };
    expect(app.engine.tasks[0]!.logprobs).toBe(1);
    expect(choices[0]!.logprobs).toEqual({
      content: [
        { token: "a", logprob: -0.5, bytes: [97], top_logprobs: [{ token: "b", logprob: -1, bytes: null }] },
      ],
      refusal: null,
    });
  });

  test("logit_bias reaches the engine", async () => {
    const app = fakeApp();
    await ask({ logit_bias: { "5": -100, "7": 1.5 } }, app);
    expect(app.engine.tasks[0]!.logitBias).toEqual([
      [5, -100],
      [7, 1.5],
    ]);
  });
});
