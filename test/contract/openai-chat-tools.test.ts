import { describe, expect, test } from "bun:test";
import { fakeApp, promptsOf } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";
import { ask, chunksOf, TEMPLATE } from "../support/openai-chat-fixture.ts";

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

  describe("custom ones", () => {
    const custom = { type: "custom", custom: { name: "run", description: "Runs it." } };
    const written = '<tool_call>{"name": "run", "arguments": {"input": "ls -l"}}</tool_call>';
    const made = {
      index: 0,
      id: expect.stringMatching(/^call_/),
      type: "custom",
      custom: { name: "run", input: "ls -l" },
    };

    test.each([
      [undefined, false],
      [{ type: "custom", custom: { name: "run" } }, true],
      [{ type: "allowed_tools", allowed_tools: { mode: "required", tools: [custom] } }, true],
    ])("take any text; tool_choice %j", async (tool_choice, enforced) => {
      const app = withTools();
      app.engine.replies = [{ texts: [written] }];
      const reply = (await (await ask({ tools: [custom], tool_choice }, app)).json()) as {
        choices: object[];
      };
      expect<unknown>(reply.choices[0]).toMatchObject({
        message: { content: "", tool_calls: [made] },
        finish_reason: "tool_calls",
      });
      expect(app.engine.tasks[0]!.grammar !== undefined).toBe(enforced);
    });

    test("stream whole", async () => {
      const app = withTools();
      app.engine.replies = [{ texts: [written] }];
      const [first] = await chunksOf(await ask({ tools: [custom], stream: true }, app));
      expect<unknown>(first!.choices[0]!.delta).toEqual({
        role: "assistant",
        content: "",
        tool_calls: [made],
      });
    });

    test("are read in the history", async () => {
      const template =
        "{{ range .Messages }}<{{ .Role }}>{{ .Content }}{{ range .ToolCalls }}{{ .Function.Name }} {{ .Function.Arguments }}{{ end }}{{ end }}";
      const app = fakeApp([fakeModel("test", { template, capabilities: ["completion", "tools"] })]);
      const messages = [
        { role: "user", content: "hi" },
        { role: "assistant", content: null, tool_calls: [{ ...made, id: "c1" }] },
        { role: "tool", tool_call_id: "c1", content: "files" },
      ];
      expect((await ask({ messages, tools: [custom] }, app)).status).toBe(200);
      expect(promptsOf(app)).toEqual(['<user>hi<assistant>run {"input":"ls -l"}<tool>files']);
    });

    test("need a name", async () => {
      const reply = await ask({ tools: [{ type: "custom", custom: {} }] }, withTools());
      expect(reply.status).toBe(400);
      expect(await reply.text()).toContain("tools[0] has no custom name");
    });
  });
});
