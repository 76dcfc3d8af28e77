import { describe, expect, test } from "bun:test";
import type { TokenLogprob } from "../../src/intent/generate.ts";
import { AppError } from "../../src/lib/errors.ts";
import { type FakeApp, fakeApp } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";
import { eventsOf } from "../support/sse.ts";

const created = 1_767_323_045;
const id = expect.stringMatching(/^chatcmpl-[a-z0-9]{24}$/);
const head = { id, created, model: "test", system_fingerprint: "fp_ollama" };
const user = (content: unknown) => ({ role: "user", content });
const TEMPLATE =
  "{{ range .Tools }}({{ .Function.Name }}){{ end }}{{ range .Messages }}<{{ .Role }}>{{ .Content }}{{ end }}";

const THINKING =
  "{{ range .Messages }}<{{ .Role }}>{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ .Content }}{{ end }}";

const ask = (body: object, app = fakeApp()) =>
  app.send("POST", "/v1/chat/completions", { model: "test", messages: [user("hi")], ...body });

interface Chunk {
  choices: { index: number; delta: object; finish_reason: string | null }[];
  usage?: object | null;
}
const chunksOf = async (reply: Response): Promise<Chunk[]> => {
  const events = await eventsOf(reply);
  expect(events.at(-1)).toBe("[DONE]");
  return events.slice(0, -1) as Chunk[];
};

const promptsOf = ({ engine }: FakeApp): string[] =>
  engine.tasks.map(({ tokens }) => String.fromCodePoint(...tokens));

describe("an answer", () => {
  test("is one object", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a", "b"], cachedTokens: 1 }];
    const reply = await ask({}, app);
    expect([reply.status, reply.headers.get("content-type")]).toEqual([
      200,
      "application/json; charset=utf-8",
    ]);
    expect<unknown>(await reply.json()).toEqual({
      ...head,
      object: "chat.completion",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "ab", refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: {
        prompt_tokens: 2,
        completion_tokens: 2,
        total_tokens: 4,
        prompt_tokens_details: { cached_tokens: 1 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    });
    expect(app.engine.openLeases).toBe(0);
  });

  test("streams as events: the role once, then the text, then why it ended", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a", "b"], reason: "length" }];
    const reply = await ask({ stream: true }, app);
    expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    const choice = { index: 0, logprobs: null, finish_reason: null };
    expect<unknown>(await chunksOf(reply)).toEqual(
      [
        { ...choice, delta: { role: "assistant", content: "a" } },
        { ...choice, delta: { content: "b" } },
        { ...choice, delta: {}, finish_reason: "length" },
      ].map((only) => ({ ...head, object: "chat.completion.chunk", choices: [only] })),
    );
    expect(app.engine.openLeases).toBe(0);
  });

  test("token counts are a last chunk when asked for", async () => {
    const reply = await ask({ stream: true, stream_options: { include_usage: true } });
    const chunks = await chunksOf(reply);
    expect(chunks.map(({ usage }) => usage)).toEqual([
      null,
      null,
      {
        prompt_tokens: 2,
        completion_tokens: 2,
        total_tokens: 4,
        prompt_tokens_details: { cached_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    ]);
    expect(chunks.at(-1)!.choices).toEqual([]);
  });

  test("without any text is an empty chunk all the same", async () => {
    const app = fakeApp();
    app.engine.replies = [{}];
    const chunks = await chunksOf(await ask({ stream: true }, app));
    expect(chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta))).toEqual([
      { role: "assistant", content: "" },
      {},
    ]);
  });

  test("an error after the first event is the last event", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], error: new AppError("engine", "gone") }];
    const events = await eventsOf(await ask({ stream: true }, app));
    expect(events.length).toBe(2);
    expect(events.at(-1)).toEqual({
      error: { message: "gone", type: "api_error", param: null, code: null },
    });
    expect(app.engine.openLeases).toBe(0);
  });

  test("a client that leaves ends the generation", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], hangs: true }];
    const reader = (await ask({ stream: true }, app)).body!.getReader();
    await reader.read();
    await reader.cancel();
    await app.engine.cancellation.promise;
    expect(app.engine.openLeases).toBe(0);
  });
});

describe("several answers", () => {
  test("to one prompt, whole", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"] }, { texts: ["bc"] }];
    const { choices, usage } = (await (await ask({ n: 2, seed: 5 }, app)).json()) as {
      choices: { index: number; message: { content: string } }[];
      usage: object;
    };
    expect(choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, "a"],
      [1, "bc"],
    ]);
    expect(usage).toMatchObject({ prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 });
    expect(app.engine.tasks.map(({ sampling }) => sampling.seed)).toEqual([5, 6]);
  });

  test("streamed between each other", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a", "b"] }, { texts: ["c", "d"] }];
    const chunks = await chunksOf(await ask({ n: 2, stream: true }, app));
    const choices = chunks.flatMap((chunk) => chunk.choices);
    const deltas = (wanted: number) =>
      choices.filter(({ index }) => index === wanted).map(({ delta }) => delta);
    expect(deltas(0)).toEqual([{ role: "assistant", content: "a" }, { content: "b" }, {}]);
    expect(deltas(1)).toEqual([{ role: "assistant", content: "c" }, { content: "d" }, {}]);
    expect(choices.findIndex(({ index }) => index === 1)).toBeLessThan(
      choices.findLastIndex(({ index }) => index === 0),
    );
    expect(app.engine.openLeases).toBe(0);
  });

  test("one that fails ends the others", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], hangs: true }, { error: new AppError("engine", "gone") }];
    const events = await eventsOf(await ask({ n: 2, stream: true }, app));
    expect(events.at(-1)).toMatchObject({ error: { message: "gone" } });
    expect(app.engine.openLeases).toBe(0);
  });
});

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

describe("messages", () => {
  const seen = async (messages: object[]): Promise<string> => {
    const app = fakeApp([fakeModel("test", { template: TEMPLATE })]);
    expect((await ask({ messages }, app)).status).toBe(200);
    return promptsOf(app)[0]!;
  };

  test.each([
    [[{ role: "developer", content: "d" }, user("u")], "<system>d<user>u"],
    [
      [
        user([
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ]),
      ],
      "<user>a\nb",
    ],
    [
      [user("u"), { role: "assistant", content: null, refusal: "no" }, user("v")],
      "<user>u<assistant>no<user>v",
    ],
  ])("%j", async (messages, prompt) => {
    expect(await seen(messages)).toBe(prompt);
  });

  test("_debug_render_only shows the prompt", async () => {
    const app = fakeApp([fakeModel("test", { template: TEMPLATE })]);
    const reply = await ask({ _debug_render_only: true }, app);
    expect<unknown>(await reply.json()).toMatchObject({
      choices: [{ finish_reason: null }],
      _debug_info: { rendered_template: "<user>hi", token_count: 8 },
    });
  });
});

describe("tools", () => {
  const tool = (name: string) => ({ type: "function", function: { name, parameters: { type: "object" } } });
  const withTools = () =>
    fakeApp([
      fakeModel("test", {
        template: `${TEMPLATE}{{ if .ToolCalls }}<tool_call>{{ end }}`,
        capabilities: ["completion", "tools"],
      }),
    ]);
  const call = (name: string) => `<tool_call>{"name": "${name}", "arguments": {"a": 1}}</tool_call>`;
  const called = (index: number, name: string) => ({
    index,
    id: expect.stringMatching(/^call_/),
    type: "function",
    function: { name, arguments: '{"a":1}' },
  });
  const tools = [tool("f"), tool("g")];

  test("calls stream whole", async () => {
    const app = withTools();
    app.engine.replies = [{ texts: [call("f"), call("g")] }];
    const chunks = await chunksOf(await ask({ tools, stream: true }, app));
    expect<unknown>(chunks.map(({ choices }) => [choices[0]!.delta, choices[0]!.finish_reason])).toEqual([
      [{ role: "assistant", content: "", tool_calls: [called(0, "f")] }, null],
      [{ content: "", tool_calls: [called(1, "g")] }, null],
      [{}, "tool_calls"],
    ]);
  });

  test("parallel_tool_calls false leaves one", async () => {
    const app = withTools();
    app.engine.replies = [{ texts: [call("f"), call("g")] }];
    const { choices } = (await (await ask({ tools, parallel_tool_calls: false }, app)).json()) as {
      choices: { message: { tool_calls: object[] }; finish_reason: string }[];
    };
    expect<unknown>(choices[0]).toMatchObject({
      message: { content: "", tool_calls: [called(0, "f")] },
      finish_reason: "tool_calls",
    });
    expect(choices[0]!.message.tool_calls.length).toBe(1);
  });

  test.each([
    ["none", "<user>hi", false],
    ["auto", "(f)(g)<user>hi", false],
    ["required", "(f)(g)<user>hi", true],
    [{ type: "function", function: { name: "g" } }, "(f)(g)<user>hi", true],
    [{ type: "allowed_tools", allowed_tools: { mode: "auto", tools: [tool("g")] } }, "(g)<user>hi", false],
    [{ type: "allowed_tools", allowed_tools: { mode: "required", tools: [tool("g")] } }, "(g)<user>hi", true],
  ])("tool_choice %j", async (tool_choice, prompt, enforced) => {
    const app = withTools();
    expect((await ask({ tools, tool_choice }, app)).status).toBe(200);
    expect(promptsOf(app)).toEqual([prompt]);
    expect(app.engine.tasks[0]!.grammar !== undefined).toBe(enforced);
  });
});

describe("reasoning", () => {
  const thinker = () =>
    fakeApp([
      fakeModel("test", {
        template: THINKING,
        capabilities: ["completion", "thinking"],
      }),
    ]);

  test("is a field of its own", async () => {
    const app = thinker();
    app.engine.replies = [{ texts: ["<think>hm", "</think>yes"] }, { texts: ["<think>hm", "</think>yes"] }];
    expect<unknown>(await (await ask({}, app)).json()).toMatchObject({
      choices: [{ message: { content: "yes", reasoning: "hm" } }],
      usage: { completion_tokens_details: { reasoning_tokens: 2 } },
    });
    const chunks = await chunksOf(await ask({ stream: true }, app));
    expect(chunks.map(({ choices }) => choices[0]!.delta)).toEqual([
      { role: "assistant", content: "", reasoning: "hm" },
      { content: "yes" },
      {},
    ]);
  });

  test("reasoning_effort on a model that cannot think", async () => {
    expect((await ask({ reasoning_effort: "none" })).status).toBe(200);
    expect((await ask({ reasoning_effort: "low" })).status).toBe(400);
  });
});

describe("refused in OpenAI's envelope", () => {
  const efforts = '"minimal", "low", "medium", "high", "xhigh", "ultra", "max", or "none"';
  test.each([
    [{ messages: [] }, "messages", "[] is too short - 'messages'"],
    [{ messages: [user(null)] }, "messages[0].content", "invalid message content type: <nil>"],
    [{ messages: [user(5)] }, "messages[0].content", "invalid message content type: float64"],
    [{ messages: [user([{ type: "video" }])] }, "messages[0].content", "invalid message format"],
    [
      { messages: [user([{ type: "image_url", image_url: { url: "https://x/y.png" } }])] },
      "messages[0].content",
      "image URLs are not currently supported, please use base64 encoded data instead",
    ],
    [
      { messages: [user([{ type: "image_url", image_url: "data:image/gif;base64,aGk=" }])] },
      "messages[0].content",
      "invalid image input",
    ],
    [
      { messages: [{ role: "assistant", tool_calls: [{ function: { name: "f", arguments: "[]" } }] }] },
      "messages[0].tool_calls[0].function.arguments",
      "invalid tool call arguments",
    ],
    [
      { reasoning_effort: "huge" },
      "reasoning_effort",
      `invalid reasoning value: "huge" (must be ${efforts})`,
    ],
    [{ top_logprobs: 21, logprobs: true }, "top_logprobs", "top_logprobs must be between 0 and 20"],
    [{ top_logprobs: 2 }, "top_logprobs", "top_logprobs needs logprobs to be true"],
    [{ n: 0 }, "n", "n must be an integer between 1 and 128"],
    [{ max_tokens: 0 }, "max_tokens", "max_tokens must be at least 1"],
    [{ stop: [1] }, "stop", "stop must be a string or an array of strings"],
    [{ stream_options: {} }, "stream_options", "stream_options is only allowed when stream is true"],
    [{ functions: [] }, "functions", "functions is not supported: use tools"],
    [{ store: true }, "store", "store is not supported: nothing is stored"],
    [{ modalities: ["text", "audio"] }, "modalities", "modalities other than text are not supported"],
    [{ logit_bias: { a: 1 } }, "logit_bias", "logit_bias must map token ids to numbers between -100 and 100"],
    [
      { response_format: { type: "xml" } },
      "response_format",
      'response_format type must be "text", "json_object" or "json_schema", not "xml"',
    ],
    [
      { tools: [{ type: "custom", custom: { name: "f" } }] },
      "tools[0].type",
      'tools of type "custom" are not supported',
    ],
    [{ stream: "yes" }, null, expect.stringContaining("of type bool")],
  ])("%j", async (body, param, message) => {
    const reply = await ask(body);
    expect<unknown>([reply.status, await reply.json()]).toEqual([
      400,
      { error: { message, type: "invalid_request_error", param, code: null } },
    ]);
  });

  test.each([
    [{ model: "nope" }, 404, "not_found_error", "model 'nope' not found"],
    [{ model: "nope", stream: true }, 404, "not_found_error", "model 'nope' not found"],
    [{ model: "x:cloud" }, 403, "api_error", "ollama cloud is disabled: remote model is unavailable"],
  ])("%j", async (body, status, type, message) => {
    const reply = await ask(body);
    expect([reply.status, await reply.json()]).toEqual([
      status,
      { error: { message, type, param: null, code: null } },
    ]);
  });

  test.each([
    ["", "EOF"],
    ["{", "unexpected EOF"],
  ])("the body %j", async (body, message) => {
    const reply = await fakeApp().send("POST", "/v1/chat/completions", body);
    expect<unknown>([reply.status, await reply.json()]).toMatchObject([400, { error: { message } }]);
  });
});

test.each([
  [{ foo: 1 }, "foo ignored: unknown field"],
  [{ options: { foo: 1 } }, "option foo ignored: unknown option"],
  [
    { messages: [{ ...user("hi"), name: "me" }] },
    "messages.name ignored: templates have no place for names of speakers",
  ],
])("never silent: %j", async (body, message) => {
  expect((await ask(body)).headers.get("warning")).toBe(`199 - "${message}"`);
  const streamed = await ask({ ...body, stream: true });
  expect(streamed.headers.get("warning")).toBe(`199 - "${message}"`);
  expect(await streamed.text()).not.toContain("warnings");
});
