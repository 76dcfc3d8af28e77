import { describe, expect, test } from "bun:test";
import type { TokenLogprob } from "../../src/intent/generate.ts";
import { AppError } from "../../src/lib/errors.ts";
import { fakeApp } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";
import { eventsOf } from "../support/sse.ts";

const head = {
  id: expect.stringMatching(/^cmpl-[a-z0-9]{24}$/),
  object: "text_completion",
  created: 1_767_323_045,
  model: "test",
  system_fingerprint: "fp_ollama",
};
const ask = (body: object, app = fakeApp()) =>
  app.send("POST", "/v1/completions", { model: "test", prompt: "hi", ...body });
const textsOf = async (reply: Response): Promise<string[]> => {
  const { choices } = (await reply.json()) as { choices: { text: string }[] };
  return choices.map(({ text }) => text);
};

test("one object", async () => {
  const app = fakeApp();
  app.engine.replies = [{ texts: ["a", "b"] }];
  expect<unknown>(await (await ask({}, app)).json()).toEqual({
    ...head,
    choices: [{ text: "ab", index: 0, logprobs: null, finish_reason: "stop" }],
    usage: {
      prompt_tokens: 2,
      completion_tokens: 2,
      total_tokens: 4,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    },
  });
  expect(app.engine.openLeases).toBe(0);
});

test("a stream", async () => {
  const app = fakeApp();
  app.engine.replies = [{ texts: ["a"], reason: "length" }];
  const reply = await ask({ stream: true, echo: true, stream_options: { include_usage: true } }, app);
  const events = await eventsOf(reply);
  const piece = (text: string, finish_reason: string | null) => ({
    ...head,
    choices: [{ text, index: 0, logprobs: null, finish_reason }],
    usage: null,
  });
  expect<unknown>(events).toEqual([
    piece("hi", null),
    piece("a", null),
    piece("", "length"),
    { ...head, choices: [], usage: expect.objectContaining({ total_tokens: 3 }) },
    "[DONE]",
  ]);
});

test("an error after the first event is the last event", async () => {
  const app = fakeApp();
  app.engine.replies = [{ texts: ["a"], error: new AppError("engine", "gone") }];
  expect((await eventsOf(await ask({ stream: true }, app))).at(-1)).toMatchObject({
    error: { message: "gone", type: "api_error" },
  });
});

describe("prompts", () => {
  test("an empty one loads the model", async () => {
    const app = fakeApp();
    expect<unknown>(await (await ask({ prompt: "" }, app)).json()).toMatchObject({
      choices: [{ text: "", finish_reason: "load" }],
    });
    expect([app.engine.acquired.length, app.engine.tasks.length]).toEqual([1, 0]);
  });

  test("tokens go to the model as they are, and echo says them", async () => {
    const app = fakeApp([fakeModel("test", { template: "never {{ .Prompt }}" })]);
    app.engine.replies = [{ texts: ["!"] }];
    expect(await textsOf(await ask({ prompt: [104, 105], echo: true }, app))).toEqual(["hi!"]);
    expect(app.engine.tasks[0]!.tokens).toEqual([104, 105]);
  });

  test("several, with several answers each, and the prompt counted once", async () => {
    const app = fakeApp();
    const reply = await ask({ prompt: ["a", [98, 98]], n: 2, echo: true, seed: 3 }, app);
    const body = (await reply.clone().json()) as { usage: object };
    expect(await textsOf(reply)).toEqual(["aok", "aok", "bbok", "bbok"]);
    expect(body.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 8 });
    expect(app.engine.tasks.map(({ sampling }) => sampling.seed).toSorted()).toEqual([3, 3, 4, 4]);
  });

  test("a model that can think does not", async () => {
    const app = fakeApp([
      fakeModel("test", {
        template: "{{ if .Think }}think{{ end }}{{ .Prompt }}",
        capabilities: ["completion", "thinking"],
      }),
    ]);
    await ask({}, app);
    expect(String.fromCodePoint(...app.engine.tasks[0]!.tokens)).toBe("hi");
  });
});

test("logprobs are lists side by side", async () => {
  const app = fakeApp();
  const scored = (token: string): TokenLogprob => ({
    token,
    logprob: -0.5,
    bytes: [],
    top: [
      { token, logprob: -0.5, bytes: [] },
      { token: "z", logprob: -2, bytes: [] },
    ],
  });
  const replies = () => [{ texts: ["ab", "c"], logprobs: [[scored("a"), scored("b")], [scored("c")]] }];
  app.engine.replies = [...replies(), ...replies()];
  const body = (await (await ask({ logprobs: 2 }, app)).json()) as { choices: { logprobs: object }[] };
  expect(app.engine.tasks[0]!.logprobs).toBe(2);
  expect(body.choices[0]!.logprobs).toEqual({
    tokens: ["a", "b", "c"],
    token_logprobs: [-0.5, -0.5, -0.5],
    top_logprobs: ["a", "b", "c"].map((token) => ({ z: -2, [token]: -0.5 })),
    text_offset: [0, 1, 2],
  });
  const events = (await eventsOf(await ask({ logprobs: 2, stream: true }, app))) as {
    choices: { logprobs: { text_offset: number[] } | null }[];
  }[];
  expect(events.slice(0, 3).map(({ choices }) => choices[0]!.logprobs?.text_offset)).toEqual([
    [0, 1],
    [2],
    undefined,
  ]);
});

test.each([
  [{ prompt: 5 }, "prompt", "prompt must be a string, an array of tokens, or an array of either"],
  [{ prompt: [] }, "prompt", "prompt must be a string, an array of tokens, or an array of either"],
  [{ prompt: [-1] }, null, "prompt contains -1, which is no token of this model"],
  [{ prompt: Array(65).fill("a"), n: 2 }, "prompt", "a request may have 128 answers, not 130"],
  [{ best_of: 2 }, "best_of", "best_of other than n is not supported"],
  [{ echo: true, logprobs: 1 }, "logprobs", "logprobs with echo is not supported: prompts are not scored"],
  [{ logprobs: true }, "logprobs", "logprobs must be between 0 and 20"],
  [{ suffix: "x", prompt: [1] }, "suffix", "suffix needs a prompt that is text"],
  [{ suffix: "x" }, null, "registry.ollama.ai/library/test:latest does not support insert"],
])("refused: %j", async (body, param, message) => {
  const reply = await ask(body);
  expect([reply.status, await reply.json()]).toEqual([
    400,
    { error: { message, type: "invalid_request_error", param, code: null } },
  ]);
});
