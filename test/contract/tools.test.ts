import { describe, expect, test } from "bun:test";
import { type FakeApp, fakeApp, linesOf } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const TEMPLATE = `{{ if .Tools }}{{ .Tools }}{{ end }}{{ range .Messages }}{{ .Role }}: {{ .Content }}
{{- if .ToolCalls }}<tool_call>{{ range .ToolCalls }}{"name": "{{ .Function.Name }}"}{{ end }}{{ end }}
{{ end }}`;

const tools = [
  {
    type: "function",
    function: {
      name: "get_weather",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  },
  { type: "function", function: { name: "now" } },
];
const call = (city: string) =>
  `<tool_call>{"name": "get_weather", "arguments": {"city": "${city}"}}</tool_call>`;
const id = expect.stringMatching(/^call_[a-z0-9]{8}$/);

interface Line {
  message: { content: string; tool_calls?: unknown[] };
  done: boolean;
  done_reason?: string;
  warnings?: string[];
  logprobs?: { token: string }[];
}

const withTools = (): FakeApp =>
  fakeApp([fakeModel("test", { template: TEMPLATE, capabilities: ["completion", "tools"] })]);

const ask = (app: FakeApp, body: object = {}) =>
  app.send("POST", "/api/chat", {
    model: "test",
    messages: [{ role: "user", content: "hi" }],
    tools,
    ...body,
  });

const lines = async (app: FakeApp, body: object = {}) => (await linesOf(await ask(app, body))) as Line[];
const promptOf = ({ engine }: FakeApp): string => String.fromCodePoint(...engine.tasks[0]!.tokens);

describe("calls", () => {
  test("come in chunks of their own, between the text around them", async () => {
    const app = withTools();
    app.engine.replies = [{ texts: ["Let me ", `look. ${call("Oslo")}`, call("Rome"), " Done."] }];
    const all = await lines(app);
    expect<unknown>(all.map(({ message, done }) => [message, done])).toEqual([
      [{ role: "assistant", content: "Let me" }, false],
      [{ role: "assistant", content: " look." }, false],
      [
        {
          role: "assistant",
          content: "",
          tool_calls: [{ id, function: { index: 0, name: "get_weather", arguments: { city: "Oslo" } } }],
        },
        false,
      ],
      [
        {
          role: "assistant",
          content: "",
          tool_calls: [{ id, function: { index: 1, name: "get_weather", arguments: { city: "Rome" } } }],
        },
        false,
      ],
      [{ role: "assistant", content: "Done." }, false],
      [{ role: "assistant", content: "" }, true],
    ]);
    expect(all.at(-1)!.done_reason).toBe("stop");
  });

  test("are all in the one object without stream", async () => {
    const app = withTools();
    app.engine.replies = [{ texts: [`a ${call("Oslo")}${call("Rome")}`] }];
    const { message } = (await (await ask(app, { stream: false })).json()) as Line;
    expect(message).toMatchObject({
      content: "a",
      tool_calls: [
        { function: { index: 0, arguments: { city: "Oslo" } } },
        { function: { index: 1, arguments: { city: "Rome" } } },
      ],
    });
  });

  test("that are broken stay text, with a warning, in the reply and in the log", async () => {
    const app = withTools();
    app.engine.replies = [{ texts: ['<tool_call>{"name": "nope", "arguments": {}}'] }];
    const [first, last] = await lines(app);
    expect([first!.message.content, first!.warnings]).toEqual([
      '<tool_call>{"name": "nope", "arguments": {}}',
      ['tool call not understood: "nope" is not a tool of this request'],
    ]);
    expect(last!.done).toBe(true);
    expect(app.log.join()).toContain("tool call not understood");
  });

  test("keep the log-probabilities of their tokens", async () => {
    const app = withTools();
    const texts = ["Hi", " <tool", '_call>{"name": "now"', "}</tool_call>"];
    const logprobs = texts.map((token) => [{ token, logprob: -1, bytes: [] }]);
    app.engine.replies = [{ texts, logprobs }];
    const all = await lines(app, { logprobs: true });
    expect<unknown>(all.map(({ logprobs: found }) => found?.map(({ token }) => token))).toEqual([
      ["Hi"],
      texts.slice(1),
      undefined,
    ]);
  });

  test("are text when the request has no tools", async () => {
    const app = withTools();
    app.engine.replies = [{ texts: [call("Oslo")] }];
    expect<unknown>((await lines(app, { tools: [] }))[0]!.message).toEqual({
      role: "assistant",
      content: call("Oslo"),
    });
  });
});

describe("tool_choice", () => {
  const named = { type: "function", function: { name: "now" } };
  const flat = { type: "function", name: "now" };

  test.each([
    ["auto", true, false],
    ["none", false, false],
    ["required", true, true],
    [named, true, true],
    [flat, true, true],
    [null, true, false],
  ])("%j", async (tool_choice, shown, enforced) => {
    const app = withTools();
    const reply = await ask(app, { tool_choice });
    expect([reply.status, reply.headers.get("warning")]).toEqual([200, null]);
    expect(promptOf(app).includes("get_weather")).toBe(shown);
    expect(app.engine.tasks[0]!.grammar?.includes("<tool_call>") ?? false).toBe(enforced);
  });

  test.each([[named], [flat]])("by name allows no other tool: %j", async (tool_choice) => {
    const app = withTools();
    await ask(app, { tool_choice });
    expect(app.engine.tasks[0]!.grammar).not.toContain("get_weather");
  });

  test.each([
    [
      { tool_choice: "any" },
      'tool_choice must be "none", "auto", "required" or {"type": "function", "function": {"name": …}}',
    ],
    [
      { tool_choice: { type: "function" } },
      'tool_choice must be "none", "auto", "required" or {"type": "function", "function": {"name": …}}',
    ],
    [{ tools: [{ type: "function" }] }, "tools[0] has no function name"],
    [{ tools: [tools[0], { type: "function", function: null }] }, "tools[1] has no function name"],
    [{ tools: [{ function: { name: "", description: "x" } }] }, "tools[0] has no function name"],
    [{ tools: [null] }, "tools[0] has no function name"],
    [
      { tools: [{ function: { name: 5 } }] },
      "json: cannot unmarshal number into Go struct field ChatRequest.tools.function.name of type string",
    ],
    [{ tool_choice: "required", tools: [] }, 'tool_choice "required" needs tools'],
    [{ tool_choice: { function: { name: "x" } } }, 'tool_choice names "x", which is not among the tools'],
  ])("%j is refused", async (body, error) => {
    const app = withTools();
    const reply = await ask(app, body);
    expect([reply.status, await reply.json()]).toEqual([400, { error }]);
    expect(app.engine.acquired).toEqual([]);
  });
});

test("tools and format go together", async () => {
  const app = withTools();
  await ask(app, { format: { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] } });
  const { grammar } = app.engine.tasks[0]!;
  expect([grammar?.includes("<tool_call>"), grammar?.includes("ok")]).toEqual([true, true]);
});

test("the engine is told to keep the text of the tags", async () => {
  const app = withTools();
  await ask(app);
  expect(app.engine.tasks[0]!.preservedTokens).toEqual(["<tool_call>", "</tool_call>"]);
  await ask(app, { tools: [] });
  expect(app.engine.tasks[1]!.preservedTokens).toBeUndefined();
});
