import { describe, expect, test } from "bun:test";
import type { TokenLogprob } from "../../src/intent/generate.ts";
import { fakeApp } from "../support/fake-app.ts";
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
