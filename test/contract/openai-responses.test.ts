import { describe, expect, test } from "bun:test";
import OpenAI from "openai";
import type { TokenLogprob } from "../../src/intent/generate.ts";
import { AppError } from "../../src/lib/errors.ts";
import { type FakeApp, fakeApp } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";
import { eventsOf } from "../support/sse.ts";

const TEMPLATE =
  "{{ range .Tools }}({{ .Function.Name }}){{ end }}{{ range .Messages }}<{{ .Role }}>{{ if .Thinking }}[{{ .Thinking }}]{{ end }}{{ .Content }}{{ range .ToolCalls }}{{ .Function.Name }}{{ .Function.Arguments }}{{ end }}{{ if .ToolName }}={{ .ToolName }}{{ end }}{{ end }}";
const THINKING =
  "{{ range .Messages }}<{{ .Role }}>{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ .Content }}{{ end }}";

const talker = () => fakeApp([fakeModel("test", { template: TEMPLATE })]);
const caller = () =>
  fakeApp([
    fakeModel("test", {
      template: `${TEMPLATE}{{ if .ToolCalls }}<tool_call>{{ end }}`,
      capabilities: ["completion", "tools"],
    }),
  ]);
const thinker = () =>
  fakeApp([fakeModel("test", { template: THINKING, capabilities: ["completion", "thinking"] })]);

const ask = (body: object, app = fakeApp()) =>
  app.send("POST", "/v1/responses", { model: "test", input: "hi", ...body });

interface Sent {
  type: string;
  sequence_number: number;
  item?: { id: string; status: string };
  delta?: string;
  response?: Answer;
}
interface Answer {
  id: string;
  status: string;
  output: { id: string; type: string; status: string }[];
}
const answerOf = async (body: object, app?: FakeApp): Promise<Answer> => {
  const reply = await ask(body, app);
  expect(reply.status).toBe(200);
  return (await reply.json()) as Answer;
};
const streamOf = async (body: object, app?: FakeApp): Promise<Sent[]> =>
  (await eventsOf(await ask({ stream: true, ...body }, app))) as Sent[];
const promptsOf = ({ engine }: FakeApp): string[] =>
  engine.tasks.map(({ tokens }) => String.fromCodePoint(...tokens));

const id = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}_[a-z0-9]{24}$`));
const text = (said: string, logprobs: object[] = []) => ({
  type: "output_text",
  text: said,
  annotations: [],
  logprobs,
});
const message = (said: string, status = "completed") => ({
  id: id("msg"),
  type: "message",
  status,
  role: "assistant",
  content: [text(said)],
});

describe("a response", () => {
  test("is one object, complete", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a", "b"], cachedTokens: 1 }];
    expect(await answerOf({ metadata: { k: "v" }, user: "me", max_tool_calls: 2 }, app)).toEqual({
      id: id("resp"),
      object: "response",
      created_at: 1_767_323_045,
      completed_at: 1_767_323_045,
      status: "completed",
      incomplete_details: null,
      error: null,
      model: "test",
      output: [message("ab")],
      usage: {
        input_tokens: 2,
        input_tokens_details: { cached_tokens: 1 },
        output_tokens: 2,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 4,
      },
      previous_response_id: null,
      instructions: null,
      tools: [],
      tool_choice: "auto",
      parallel_tool_calls: true,
      temperature: null,
      top_p: null,
      top_logprobs: 0,
      max_output_tokens: null,
      max_tool_calls: 2,
      reasoning: { effort: null, summary: null },
      text: { format: { type: "text" }, verbosity: "medium" },
      truncation: "disabled",
      store: true,
      background: false,
      service_tier: "default",
      metadata: { k: "v" },
      user: "me",
      safety_identifier: null,
      prompt_cache_key: null,
    } as unknown as Answer);
    expect(app.engine.openLeases).toBe(0);
  });

  test("says what was asked", async () => {
    const asked = {
      instructions: "Be brief.",
      temperature: 0.5,
      top_p: 0.25,
      max_output_tokens: 9,
      truncation: "auto",
      store: false,
      parallel_tool_calls: false,
      safety_identifier: "s",
      prompt_cache_key: "p",
      reasoning: { effort: "none", summary: "auto" },
      text: { format: { type: "json_object" }, verbosity: "medium" },
      include: ["message.output_text.logprobs"],
      top_logprobs: 3,
    };
    const { include: _, ...echoed } = asked;
    expect(await answerOf({ ...asked, service_tier: "auto" })).toMatchObject(echoed);
  });

  test("that max_output_tokens ends is incomplete", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], reason: "length" }];
    expect<unknown>(await answerOf({}, app)).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      completed_at: null,
      output: [message("a", "incomplete")],
    });
  });

  test("that says nothing has an empty message", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: [] }];
    expect<unknown>((await answerOf({}, app)).output).toEqual([message("")]);
  });
});

describe("a stream", () => {
  test("tells everything in order", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a", "b"] }];
    const reply = await ask({ stream: true, stream_options: { include_obfuscation: true } }, app);
    expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    const names = (await reply.clone().text()).split("\n").filter((line) => line.startsWith("event: "));
    const events = (await eventsOf(reply)) as Sent[];
    expect(names).toEqual(events.map(({ type }) => `event: ${type}`));
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, at) => at));
    const place = { item_id: id("msg"), output_index: 0, content_index: 0 };
    const item = { ...message("", "in_progress"), content: [] };
    expect<unknown>(events.map(({ sequence_number: _, ...event }) => event)).toEqual([
      { type: "response.created", response: expect.objectContaining({ status: "in_progress", output: [] }) },
      { type: "response.in_progress", response: expect.objectContaining({ usage: null }) },
      { type: "response.output_item.added", output_index: 0, item },
      { type: "response.content_part.added", ...place, part: text("") },
      { type: "response.output_text.delta", ...place, delta: "a", logprobs: [] },
      { type: "response.output_text.delta", ...place, delta: "b", logprobs: [] },
      { type: "response.output_text.done", ...place, text: "ab", logprobs: [] },
      { type: "response.content_part.done", ...place, part: text("ab") },
      { type: "response.output_item.done", output_index: 0, item: message("ab") },
      {
        type: "response.completed",
        response: expect.objectContaining({ status: "completed", output: [message("ab")] }),
      },
    ]);
    const ids = new Set(events.flatMap(({ response }) => response?.id ?? []));
    expect(ids.size).toBe(1);
    expect(app.engine.openLeases).toBe(0);
  });

  test("that is cut ends with response.incomplete", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], reason: "length" }];
    const events = await streamOf({}, app);
    expect(events.at(-1)).toMatchObject({ type: "response.incomplete", response: { status: "incomplete" } });
    expect(events.at(-2)).toMatchObject({ item: { status: "incomplete" } });
  });

  test("that fails tells the error and what there was of the response, and keeps nothing", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], error: new AppError("engine", "the model crashed") }];
    const events = await streamOf({}, app);
    const told = { code: "server_error", message: "the model crashed", param: null };
    expect<unknown>(events.slice(-2)).toMatchObject([
      {
        type: "error",
        ...told,
        error: { ...told, type: "api_error" },
        sequence_number: 5,
      },
      {
        type: "response.failed",
        sequence_number: 6,
        response: {
          status: "failed",
          error: { code: "server_error", message: "the model crashed" },
          output: [message("a", "incomplete")],
        },
      },
    ]);
    expect((await app.send("GET", `/v1/responses/${events[0]!.response!.id}`)).status).toBe(404);
  });

  test("that fails is an exception of OpenAI's client", async () => {
    const { app, engine } = fakeApp();
    engine.replies = [{ texts: ["a"], error: new AppError("engine", "the model crashed") }];
    const client = new OpenAI({
      baseURL: "http://localhost:11434/v1",
      apiKey: "any",
      maxRetries: 0,
      fetch: (input, init) => app.handle(new Request(String(input), init ?? {})),
    });
    const types: string[] = [];
    const read = async () => {
      const stream = await client.responses.create({ model: "test", input: "hi", stream: true });
      for await (const { type } of stream) types.push(type);
    };
    const thrown = await read().catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(OpenAI.APIError);
    expect(thrown).toMatchObject({ error: { message: "the model crashed" }, code: "server_error" });
    expect(types.at(-1)).toBe("response.output_text.delta");
  });

  test("that its client leaves is not kept", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], hangs: true }];
    const reader = (await ask({ stream: true }, app)).body!.getReader();
    const decoder = new TextDecoder();
    let seen = "";
    while (!seen.includes("output_text.delta")) seen += decoder.decode((await reader.read()).value);
    const { response } = JSON.parse(seen.split("\n")[1]!.slice("data: ".length)) as Sent;
    await reader.cancel();
    await app.engine.cancellation.promise;
    expect((await app.send("GET", `/v1/responses/${response!.id}`)).status).toBe(404);
    expect(app.engine.openLeases).toBe(0);
  });
});

describe("a failure before the response begins has its own status", () => {
  test.each([true, false])("stream %p", async (stream) => {
    const reply = await ask({ model: "nope", stream });
    expect([reply.status, await reply.json()]).toEqual([
      404,
      { error: { message: "model 'nope' not found", type: "not_found_error", param: null, code: null } },
    ]);
  });
});

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

describe("input", () => {
  const call = { type: "function_call", call_id: "c1", name: "f", arguments: '{"a":1}' };
  const part = (type: string, said: string) => ({ type, text: said });

  test.each([
    ["hi", "<user>hi"],
    [
      [
        { role: "developer", content: "d" },
        { role: "user", content: "u" },
      ],
      "<system>d<user>u",
    ],
    [
      [{ type: "message", role: "user", content: [part("input_text", "a"), part("input_text", "b")] }],
      "<user>a\nb",
    ],
    [
      [
        { role: "user", content: "u" },
        { role: "assistant", content: [part("output_text", "x")] },
        { role: "assistant", content: [{ type: "refusal", refusal: "no" }] },
        { role: "user", content: "v" },
      ],
      "<user>u<assistant>x\n\nno<user>v",
    ],
    [
      [
        { role: "user", content: "u" },
        { type: "reasoning", summary: [], content: [part("reasoning_text", "hm")] },
        { role: "assistant", content: "let me" },
        call,
        { ...call, call_id: "c2", name: "g" },
        { type: "function_call_output", call_id: "c2", output: "2" },
        { type: "function_call_output", call_id: "c1", output: [part("input_text", "1")] },
      ],
      '<user>u<assistant>[hm]let mef{"a":1}g{"a":1}<tool>2=g<tool>1=f',
    ],
    [
      [
        { role: "user", content: "u" },
        { type: "reasoning", summary: [part("summary_text", "s")] },
        call,
        { type: "function_call_output", call_id: "c1", output: "1" },
        { type: "reasoning", summary: [], encrypted_content: "e" },
        { role: "assistant", content: "x" },
      ],
      '<user>u<assistant>[s]f{"a":1}<tool>1=f<assistant>[e]x',
    ],
    [
      [
        { type: "custom_tool_call", call_id: "c", name: "run", input: "ls" },
        { type: "custom_tool_call_output", call_id: "c", output: "files" },
      ],
      '<assistant>run{"input":"ls"}<tool>files=run',
    ],
    [
      [
        { ...call, namespace: "crm" },
        { type: "function_call_output", call_id: "c1", output: "ok" },
      ],
      '<assistant>crm.f{"a":1}<tool>ok=crm.f',
    ],
  ])("%j", async (input, prompt) => {
    const app = talker();
    expect((await ask({ input }, app)).status).toBe(200);
    expect(promptsOf(app)).toEqual([prompt]);
  });

  test("instructions come first", async () => {
    const app = talker();
    await ask({ instructions: "Be brief." }, app);
    expect(promptsOf(app)).toEqual(["<system>Be brief.<user>hi"]);
  });

  test("may be compressed with zstd", async () => {
    const send = (body: Uint8Array<ArrayBuffer>) =>
      fakeApp().app.handle(
        new Request("http://localhost:11434/v1/responses", {
          method: "POST",
          headers: { "content-encoding": "zstd", "content-type": "application/json" },
          body,
        }),
      );
    const json = new TextEncoder().encode(JSON.stringify({ model: "test", input: "hi" }));
    expect((await send(new Uint8Array(Bun.zstdCompressSync(json)))).status).toBe(200);
    const bad = await send(json);
    expect<unknown>([bad.status, await bad.json()]).toMatchObject([
      400,
      { error: { message: "the request body is no valid zstd data" } },
    ]);
    const bomb = Bun.zstdCompressSync(Buffer.alloc(64 * 1024 * 1024 + 1, 32));
    expect((await send(new Uint8Array(bomb))).status).toBe(413);
  });
});

describe("tools", () => {
  const tool = (name: string) => ({ type: "function", name, parameters: { type: "object" }, strict: false });
  const custom = { type: "custom", name: "run" };
  const written = (name: string, args: object = { a: 1 }) =>
    `<tool_call>{"name": "${name}", "arguments": ${JSON.stringify(args)}}</tool_call>`;
  const called = (name: string) => ({
    id: id("fc"),
    type: "function_call",
    status: "completed",
    call_id: expect.stringMatching(/^call_/),
    name,
    arguments: '{"a":1}',
  });
  const tools = [tool("f"), tool("g")];

  test("calls are items, and stream as events", async () => {
    const app = caller();
    app.engine.replies = [{ texts: ["well", written("f"), written("g")] }];
    const events = await streamOf({ tools }, app);
    const item = called("f");
    const place = { item_id: id("fc"), output_index: 1 };
    const f = events.findIndex((event) => event.item?.id.startsWith("fc_"));
    expect<unknown>(events.slice(f, f + 4).map(({ sequence_number: _, ...event }) => event)).toEqual([
      {
        type: "response.output_item.added",
        output_index: 1,
        item: { ...item, status: "in_progress", arguments: "" },
      },
      { type: "response.function_call_arguments.delta", ...place, delta: '{"a":1}' },
      { type: "response.function_call_arguments.done", ...place, arguments: '{"a":1}' },
      { type: "response.output_item.done", output_index: 1, item },
    ]);
    expect<unknown>(events.at(-1)?.response).toMatchObject({
      status: "completed",
      tools,
      output: [message("well"), called("f"), called("g")],
    });
  });

  test("a custom tool takes any text", async () => {
    const app = caller();
    app.engine.replies = [{ texts: [written("run", { input: "ls -l" })] }];
    const events = await streamOf({ tools: [custom], tool_choice: { type: "custom", name: "run" } }, app);
    const item = {
      id: id("ctc"),
      type: "custom_tool_call",
      status: "completed",
      call_id: expect.stringMatching(/^call_/),
      name: "run",
      input: "ls -l",
    };
    expect<unknown>(events.slice(-4)).toMatchObject([
      { type: "response.custom_tool_call_input.delta", delta: "ls -l" },
      { type: "response.custom_tool_call_input.done", input: "ls -l" },
      { type: "response.output_item.done", item },
      { type: "response.completed", response: { output: [item] } },
    ]);
    expect(app.engine.tasks[0]!.grammar).toBeDefined();
  });

  test("those of a namespace are told apart", async () => {
    const app = caller();
    app.engine.replies = [{ texts: [written("crm.f")] }];
    const namespace = { type: "namespace", name: "crm", description: "", tools: [tool("f")] };
    expect<unknown>((await answerOf({ tools: [namespace, tool("f")] }, app)).output).toEqual([
      { ...called("f"), namespace: "crm" },
    ]);
    expect(promptsOf(app)).toEqual(["(crm.f)(f)<user>hi"]);
  });

  test("parallel_tool_calls false leaves one", async () => {
    const app = caller();
    app.engine.replies = [{ texts: [written("f"), written("g")] }];
    const { output } = await answerOf({ tools, parallel_tool_calls: false }, app);
    expect<unknown>(output).toEqual([called("f")]);
  });

  const one = { type: "function", name: "g" };
  test.each([
    ["none", "<user>hi", false],
    ["auto", "(f)(g)<user>hi", false],
    ["required", "(f)(g)<user>hi", true],
    [one, "(f)(g)<user>hi", true],
    [{ type: "allowed_tools", mode: "auto", tools: [one] }, "(g)<user>hi", false],
    [{ type: "allowed_tools", mode: "required", tools: [one] }, "(g)<user>hi", true],
  ])("tool_choice %j", async (tool_choice, prompt, enforced) => {
    const app = caller();
    await answerOf({ tools, tool_choice }, app);
    expect(promptsOf(app)).toEqual([prompt]);
    expect(app.engine.tasks[0]!.grammar !== undefined).toBe(enforced);
  });
});

describe("reasoning", () => {
  const reply = { texts: ["<think>hm", "</think>yes"] };
  const reasoning = (fields: object = {}) => ({
    id: id("rs"),
    type: "reasoning",
    status: "completed",
    summary: [],
    content: [{ type: "reasoning_text", text: "hm" }],
    ...fields,
  });

  test("is an item of its own, and counted", async () => {
    const app = thinker();
    app.engine.replies = [reply];
    expect<unknown>(await answerOf({}, app)).toMatchObject({
      output: [reasoning(), message("yes")],
      usage: { output_tokens_details: { reasoning_tokens: 2 } },
    });
  });

  test("streams before the text", async () => {
    const app = thinker();
    app.engine.replies = [reply];
    const events = await streamOf({}, app);
    expect(events.map(({ type }) => type.replace("response.", ""))).toEqual([
      "created",
      "in_progress",
      "output_item.added",
      "content_part.added",
      "reasoning_text.delta",
      "reasoning_text.done",
      "content_part.done",
      "output_item.done",
      "output_item.added",
      "content_part.added",
      "output_text.delta",
      "output_text.done",
      "content_part.done",
      "output_item.done",
      "completed",
    ]);
  });

  test("a summary and encrypted content when asked for", async () => {
    const app = thinker();
    app.engine.replies = [reply];
    const body = { reasoning: { summary: "auto" }, include: ["reasoning.encrypted_content"] };
    const events = await streamOf(body, app);
    const summary = [{ type: "summary_text", text: "hm" }];
    expect<unknown>(events.at(-1)?.response?.output[0]).toEqual(
      reasoning({ summary, encrypted_content: "hm" }),
    );
    const kinds = events.map(({ type }) => type.split(".")[1]);
    expect(kinds.filter((kind) => kind?.startsWith("reasoning_summary"))).toEqual([
      "reasoning_summary_part",
      "reasoning_summary_text",
      "reasoning_summary_text",
      "reasoning_summary_part",
    ]);
  });

  test("effort on a model that cannot think", async () => {
    expect((await ask({ reasoning: { effort: "none" } })).status).toBe(200);
    expect((await ask({ reasoning: { effort: "low" } })).status).toBe(400);
  });
});

test("input_tokens counts the whole prompt and generates nothing", async () => {
  const app = talker();
  app.engine.info = { ...app.engine.info, contextLength: 10 };
  const count = (body: object) => app.send("POST", "/v1/responses/input_tokens", { model: "test", ...body });
  const reply = await count({ input: "x".repeat(20), instructions: "s", foo: 1 });
  expect([reply.status, await reply.json(), reply.headers.get("warning")]).toEqual([
    200,
    { object: "response.input_tokens", input_tokens: "<system>s<user>".length + 20 },
    '199 - "foo ignored: unknown field"',
  ]);
  expect([app.engine.tasks.length, app.engine.openLeases]).toEqual([0, 0]);
  expect((await count({ input: "x", personality: "friendly" })).status).toBe(400);
});

test.each([
  [{ seed: 1 }, "seed ignored: unknown field"],
  [{ options: { foo: 1 } }, "option foo ignored: unknown option"],
  [
    { input: [{ role: "assistant", content: "a", phase: "commentary", caller: null }] },
    "input.phase ignored: unknown field",
  ],
])("never silent: %j", async (body, warning) => {
  expect((await ask(body)).headers.get("warning")).toBe(`199 - "${warning}"`);
});
