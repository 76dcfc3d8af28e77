import { describe, expect, test } from "bun:test";
import { ask, assistant, caller, failure, thinker, tool, user } from "../support/anthropic.ts";
import { fakeApp, promptsOf } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const text = (said: string) => ({ type: "text", text: said });

/** The prompt that a conversation makes. */
async function promptOf(body: object, app = caller()): Promise<string> {
  const reply = await ask(body, app);
  expect(reply.status).toBe(200);
  return promptsOf(app).at(-1)!;
}

async function warningOf(body: object, app = fakeApp()): Promise<string | null> {
  const reply = await ask(body, app);
  expect(reply.status).toBe(200);
  return reply.headers.get("warning");
}

describe("conversations", () => {
  test("text, as a string or as blocks, which are one text", async () => {
    expect(await promptOf({ messages: [user("hi"), assistant("yes?"), user("go on")] })).toBe(
      "<user>hi<assistant>yes?<user>go on",
    );
    const blocks = [
      { ...text("a"), cache_control: { type: "ephemeral" } },
      { ...text("b"), citations: [] },
    ];
    expect(await promptOf({ messages: [user(blocks)] })).toBe("<user>ab");
  });

  test("the system prompt, first; a system message where it stands", async () => {
    expect(await promptOf({ system: "Be brief." })).toBe("<system>Be brief.<user>hi");
    const system = [{ ...text("Be "), cache_control: { type: "ephemeral", ttl: "1h" } }, text("brief.")];
    expect(await promptOf({ system })).toBe("<system>Be brief.<user>hi");
    expect(
      await promptOf({ messages: [user("hi"), { role: "system", content: [text("Now French.")] }] }),
    ).toBe("<user>hi<system>Now French.");
  });

  test("a last turn of the assistant is continued", async () => {
    const { template: _, ...model } = fakeModel("test");
    const chatTemplate =
      "{% for m in messages %}<{{ m.role }}>{{ m.content }}</>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";
    const app = fakeApp([{ ...model, chatTemplate }]);
    expect(await promptOf({ messages: [user("hi"), assistant([text("The answer is (")])] }, app)).toBe(
      "<user>hi</><assistant>The answer is (",
    );
  });

  test("calls and their results, which come before what the user says", async () => {
    const messages = [
      user("weather?"),
      assistant([
        text("Let me look."),
        { type: "tool_use", id: "toolu_1", name: "get_weather", input: { city: "Rome" } },
      ]),
      user([
        text("Thanks."),
        { type: "tool_result", tool_use_id: "toolu_1", content: [text("sun"), text("ny")] },
        { type: "tool_result", tool_use_id: "toolu_2", content: "no such city", is_error: true },
        { type: "tool_result", tool_use_id: "toolu_3" },
      ]),
    ];
    expect(await promptOf({ messages, tools: [tool("get_weather")] })).toBe(
      '(get_weather)<user>weather?<assistant>Let me look.<tool_call>{"name": "get_weather", "arguments": {"city":"Rome"}}</tool_call>' +
        "<tool>sunny by get_weather<tool>Error: no such city<tool><user>Thanks.",
    );
  });

  test("thoughts of earlier answers", async () => {
    const thought = { type: "thinking", thinking: "Hm.", signature: "theirs" };
    const answer = (...blocks: object[]) => [user("hi"), assistant([...blocks, text("yes?")]), user("go on")];
    const app = caller();
    expect(await promptOf({ messages: answer(thought, { ...thought, thinking: "So." }) }, app)).toBe(
      "<user>hi<assistant>[Hm.\nSo.]yes?<user>go on",
    );
    const ignored = '199 - "messages.content ignored: thoughts of another server cannot be read"';
    for (const sealed of [
      { ...thought, thinking: "" },
      { type: "redacted_thinking", data: "x" },
    ]) {
      expect(await warningOf({ messages: answer(sealed) }, app)).toBe(ignored);
      expect(promptsOf(app).at(-1)).toBe("<user>hi<assistant>yes?<user>go on");
    }
  });

  test("documents of text and search results", async () => {
    const source = { type: "text", media_type: "text/plain", data: "Ada is 36." };
    const blocks = [
      { type: "document", source, title: "Ages", context: null, citations: { enabled: false } },
      { type: "document", source: { type: "content", content: [text("Bob is 7.")] } },
      { type: "search_result", source: "a.example", title: "Eve", content: [text("Eve is 8.")] },
      text("How old is Ada?"),
    ];
    const said =
      "\n<document>\n<title>\nAges\n</title>\n<content>\nAda is 36.\n</content>\n</document>\n" +
      "\n<document>\n<content>\nBob is 7.\n</content>\n</document>\n" +
      "\n<search_result>\n<title>\nEve\n</title>\n<source>\na.example\n</source>\n<content>\nEve is 8.\n</content>\n</search_result>\n";
    expect(await promptOf({ messages: [user(blocks)] })).toBe(`<user>${said}How old is Ada?`);
    const results = [{ type: "tool_result", tool_use_id: "x", content: blocks.slice(0, 3) }];
    expect(await promptOf({ messages: [user(results)] })).toBe(`<tool>${said}`);
  });
});

describe("options", () => {
  test("Anthropic's come before Ollama's, and both before the model's PARAMETERs", async () => {
    const parameters = { temperature: 0.1, top_k: 3, stop: ["<end>"], seed: 7 };
    const app = fakeApp([fakeModel("test", { parameters })]);
    await ask({ max_tokens: 5, stop_sequences: [] }, app);
    await ask(
      {
        max_tokens: 6,
        temperature: 0.5,
        top_p: 0.25,
        top_k: 0,
        stop_sequences: ["a", "b"],
        options: { seed: 1, temperature: 1, num_predict: 99 },
      },
      app,
    );
    expect(app.engine.tasks.map(({ sampling }) => sampling)).toMatchObject([
      { numPredict: 5, temperature: 0.1, topK: 3, topP: 0.9, stop: ["<end>"], seed: 7 },
      { numPredict: 6, temperature: 0.5, topK: 0, topP: 0.25, stop: ["a", "b"], seed: 1 },
    ]);
  });

  test("max_tokens 0 evaluates the prompt and says nothing", async () => {
    const app = fakeApp();
    app.engine.replies = [{ reason: "length" }];
    expect(await (await ask({ max_tokens: 0 }, app)).json()).toMatchObject({
      content: [],
      stop_reason: "max_tokens",
    });
    expect(app.engine.tasks[0]!.sampling.numPredict).toBe(0);
  });

  test("num_ctx and keep_alive go to the model", async () => {
    const app = fakeApp();
    await ask({ options: { num_ctx: 512 }, keep_alive: "10m" }, app);
    const [{ spec, options }] = app.engine.acquired as [(typeof app.engine.acquired)[0]];
    expect([spec.options.numCtx, options.keepAlive]).toEqual([512, 600_000]);
  });

  test("what asks for nothing special is accepted", async () => {
    const body = {
      metadata: { user_id: "u" },
      service_tier: "auto",
      speed: "standard",
      cache_control: { type: "ephemeral" },
      mcp_servers: [],
      context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] },
      container: null,
      inference_geo: null,
      tool_choice: { type: "none" },
    };
    expect(await warningOf(body)).toBeNull();
    const headers = { "x-api-key": "any", "anthropic-version": "2023-06-01", "anthropic-beta": "a,b" };
    const messages = [user("hi")];
    const reply = await fakeApp().send(
      "POST",
      "/v1/messages?beta=true",
      { model: "test", max_tokens: 1, messages },
      headers,
    );
    expect(reply.status).toBe(200);
  });

  test("what nobody knows is told", async () => {
    const app = fakeApp();
    const reply = await ask({ flavour: 1, options: { mood: 2 }, stream: true }, app);
    expect(reply.headers.get("warning")).toBe(
      '199 - "flavour ignored: unknown field", 199 - "option mood ignored: unknown option"',
    );
    expect(await reply.text()).not.toContain("warnings");
    expect(app.log.some((line) => line.includes("flavour ignored"))).toBe(true);
  });

  test("a prompt that does not fit is shortened, which is told, or refused", async () => {
    const app = fakeApp();
    app.engine.info = { ...app.engine.info, contextLength: 16 };
    const messages = [user("a".repeat(20)), assistant("b"), user("hi")];
    expect(await warningOf({ messages }, app)).toContain("oldest messages left out");
    expect((await ask({ messages, truncate: false }, app)).status).toBe(400);
  });
});

describe("structured output", () => {
  const schema = { type: "object", properties: { age: { type: "integer" } }, required: ["age"] };

  test.each([
    { output_config: { format: { type: "json_schema", schema } } },
    { output_format: { type: "json_schema", schema } },
  ])("case %#", async (body) => {
    const app = fakeApp();
    expect((await ask(body, app)).status).toBe(200);
    expect(app.engine.tasks[0]!.grammar).toContain("age");
  });
});

describe("thinking", () => {
  test.each([
    [{}, "think=true medium"],
    [{ thinking: { type: "enabled" } }, "think=true medium"],
    [{ thinking: { type: "adaptive", display: "summarized" } }, "think=true medium"],
    [{ thinking: { type: "disabled" } }, "think=false "],
    [{ output_config: { effort: "low" } }, "think=true low"],
    [{ output_config: { effort: "xhigh" } }, "think=true max"],
    [{ thinking: { type: "enabled" }, output_config: { effort: "medium" } }, "think=true medium"],
    [{ thinking: { type: "disabled" }, output_config: { effort: "high" } }, "think=false "],
  ])("case %#", async (body, end) => {
    expect(await promptOf(body, thinker())).toBe(`<user>hi${end}`);
  });

  test("a model that cannot think answers without, and says so", async () => {
    const ignored = '199 - "thinking ignored: the model cannot think"';
    expect(await warningOf({ thinking: { type: "enabled" } })).toBe(ignored);
    expect(await warningOf({ output_config: { effort: "high" } })).toBe(ignored);
    expect(await warningOf({ thinking: { type: "adaptive" } })).toBeNull();
    expect(await warningOf({ thinking: { type: "disabled" } })).toBeNull();
  });

  test("has no budget of its own", async () => {
    const thinking = { type: "enabled", budget_tokens: 1024 };
    expect(await warningOf({ thinking }, thinker())).toContain("thinking.budget_tokens ignored");
  });
});

describe("tools", () => {
  const tools = [tool("get_weather", { cache_control: null, eager_input_streaming: true }), tool("now")];

  test.each([
    [undefined, "(get_weather)(now)", false],
    [{ type: "auto" }, "(get_weather)(now)", false],
    [{ type: "any" }, "(get_weather)(now)", true],
    [{ type: "tool", name: "now" }, "(get_weather)(now)", true],
    [{ type: "none" }, "", false],
  ])("choice %#", async (choice, shown, forced) => {
    const app = caller();
    const prompt = await promptOf({ tools, ...(choice && { tool_choice: choice }) }, app);
    expect(prompt).toBe(`${shown}<user>hi`);
    expect(app.engine.tasks[0]!.grammar !== undefined).toBe(forced);
  });

  test("one call at most, if asked", async () => {
    const app = caller();
    const calls = '<tool_call>{"name": "now", "arguments": {"city": "Rome"}}</tool_call>'.repeat(2);
    app.engine.replies = [{ texts: [calls] }, { texts: [calls] }];
    const counts = [];
    for (const disable_parallel_tool_use of [true, false]) {
      const tool_choice = { type: "auto", disable_parallel_tool_use };
      const { content } = (await (await ask({ tools, tool_choice }, app)).json()) as { content: object[] };
      counts.push(content.length);
    }
    expect(counts).toEqual([1, 2]);
  });

  test("examples of inputs are in the schema", async () => {
    const model = fakeModel("test", { capabilities: ["completion", "tools"] });
    const { template: _, ...jinja } = model;
    const chatTemplate = "{{ tools | tojson }}{% for m in messages %}{{ m.content }}{% endfor %}";
    const app = fakeApp([{ ...jinja, chatTemplate }]);
    const prompt = await promptOf({ tools: [tool("now", { input_examples: [{ city: "Rome" }] })] }, app);
    expect(prompt.replaceAll(" ", "")).toContain('"examples":[{"city":"Rome"}]');
  });

  test("strict schemas hold where a call is demanded", async () => {
    const strict = { tools: [tool("now", { strict: true })] };
    expect(await warningOf(strict, caller())).toContain("tools.strict ignored");
    expect(await warningOf({ ...strict, tool_choice: { type: "any" } }, caller())).toBeNull();
  });

  test("a model that cannot call any refuses them", async () => {
    const reply = await ask({ tools }, fakeApp());
    expect(reply.status).toBe(400);
    expect<unknown>(await reply.json()).toEqual(
      failure("invalid_request_error", expect.stringContaining("does not support tools")),
    );
  });
});
