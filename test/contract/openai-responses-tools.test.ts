import { describe, expect, test } from "bun:test";
import { promptsOf } from "../support/fake-app.ts";
import { answerOf, caller, id, message, streamOf } from "../support/openai-responses-fixture.ts";

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
