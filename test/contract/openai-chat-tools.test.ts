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
});
