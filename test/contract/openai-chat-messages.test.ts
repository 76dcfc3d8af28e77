import { describe, expect, test } from "bun:test";
import { fakeApp, promptsOf } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";
import { ask, TEMPLATE, user } from "../support/openai-chat-fixture.ts";

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

  test.each([[""], ["  "], ["{}"], [undefined]])("a call with the arguments %j has none", async (args) => {
    const template = "{{ range .Messages }}{{ range .ToolCalls }}{{ .Function }}{{ end }}{{ end }}";
    const app = fakeApp([fakeModel("test", { template })]);
    const call = {
      id: "c",
      type: "function",
      function: { name: "f", ...(args !== undefined && { arguments: args }) },
    };
    const messages = [user("u"), { role: "assistant", content: null, tool_calls: [call] }];
    expect((await ask({ messages }, app)).status).toBe(200);
    expect(promptsOf(app)).toEqual(['{"name":"f","arguments":{}}']);
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
