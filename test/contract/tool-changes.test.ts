/** Tools that come and go within a conversation, and what else a system message settles from its place on. */
import { describe, expect, test } from "bun:test";
import { caller, thinker } from "../support/anthropic.ts";
import { promptsOf } from "../support/fake-app.ts";

const user = { role: "user", content: "hi" };

async function send(path: string, body: object, app = caller()) {
  const reply = await app.send("POST", path, { model: "test", ...body });
  const text = await reply.text();
  return {
    status: reply.status,
    warning: reply.headers.get("warning"),
    text,
    prompt: promptsOf(app)[0] ?? "",
  };
}

describe("POST /v1/responses", () => {
  const responses = (input: object[], body: object = {}) =>
    send("/v1/responses", { input: [user, ...input], ...body });
  const find = { type: "function", name: "find_parcel", parameters: { type: "object", properties: {} } };
  const call = {
    type: "tool_search_call",
    call_id: "c1",
    execution: "client",
    arguments: { query: "parcel" },
  };

  test.each([
    ["that a search of the client's has found", { type: "tool_search_output", call_id: "c1", tools: [find] }],
    ["that are added", { type: "additional_tools", role: "developer", tools: [find] }],
  ])("the model may call tools %s", async (_, item) => {
    const { status, warning, prompt } = await responses([item]);
    expect([status, warning]).toEqual([200, null]);
    expect(prompt).toContain("find_parcel");
  });

  test("one that was there already, to be loaded later, is the same tool", async () => {
    const tools = [{ ...find, defer_loading: true }];
    const { status, prompt } = await responses([{ type: "tool_search_output", tools: [find] }], { tools });
    expect(status).toBe(200);
    expect(prompt.split("find_parcel")).toHaveLength(2);
  });

  test("a tool choice may name one", async () => {
    const tool_choice = { type: "function", name: "find_parcel" };
    const { status } = await responses([{ type: "additional_tools", role: "developer", tools: [find] }], {
      tool_choice,
    });
    expect(status).toBe(200);
  });

  test("hosted ones among them are left out with a Warning, as the search itself is", async () => {
    const added = { type: "additional_tools", role: "developer", tools: [{ type: "web_search" }] };
    const { status, warning, prompt } = await responses([call, added]);
    expect(status).toBe(200);
    expect(warning).toContain("tools of type web_search ignored");
    expect(warning).toContain("input of type tool_search_call ignored");
    expect(prompt).not.toContain("web_search");
  });

  test("a tool without a name is refused by its place", async () => {
    const { status, text } = await responses([{ type: "additional_tools", tools: [{ type: "function" }] }]);
    expect(status).toBe(400);
    expect(text).toContain("input[1].tools[0]");
  });

  test.each(["program", "program_output"])("an item %s is left out with a Warning", async (type) => {
    const { status, warning } = await responses([{ type, id: "p", call_id: "c", code: "", result: "" }]);
    expect(status).toBe(200);
    expect(warning).toContain(`input of type ${type} ignored`);
  });
});

describe("POST /v1/messages", () => {
  const messages = (turns: object[], body: object = {}, app = caller()) =>
    send("/v1/messages", { max_tokens: 8, messages: turns, ...body }, app);
  const tool = (name: string) => ({ name, input_schema: { type: "object", properties: {} } });
  const add = (added: object) => ({ role: "system", content: [{ type: "tool_addition", tool: added }] });
  const remove = (name: string) => ({
    role: "system",
    content: [{ type: "tool_removal", tool: { type: "tool_reference", name } }],
  });

  test("a tool that a message defines is offered", async () => {
    const definition = { type: "tool_definition", definition: tool("late_tool") };
    const { status, warning, prompt } = await messages([user, add(definition), user]);
    expect([status, warning]).toEqual([200, null]);
    expect(prompt).toContain("late_tool");
  });

  test("a tool that a message names is offered from the start, and one that is withdrawn is not", async () => {
    const tools = [tool("kept"), tool("gone"), tool("back")];
    const turns = [user, remove("gone"), remove("back"), add({ type: "tool_reference", name: "back" }), user];
    const { status, prompt } = await messages(turns, { tools });
    expect(status).toBe(200);
    expect(prompt).toContain("kept");
    expect(prompt).toContain("back");
    expect(prompt).not.toContain("gone");
  });

  test("in the user's turn too, and with text beside it", async () => {
    const block = { type: "tool_addition", tool: { type: "tool_definition", definition: tool("late_tool") } };
    const { prompt } = await messages([{ role: "user", content: [block, { type: "text", text: "Go on." }] }]);
    expect(prompt).toContain("late_tool");
    expect(prompt).toContain("Go on.");
  });

  test("a hosted tool that is added is left out with a Warning", async () => {
    const hosted = { type: "web_search_20250305", name: "web_search" };
    const { status, warning, prompt } = await messages([
      user,
      add({ type: "tool_definition", definition: hosted }),
      user,
    ]);
    expect(status).toBe(200);
    expect(warning).toContain("tools of type web_search_20250305 ignored");
    expect(prompt).not.toContain("web_search");
  });

  test("the effort of the last system message holds, which may say nothing else", async () => {
    const effort = (level: string) => ({ role: "system", output_config: { effort: level } });
    const output_config = { effort: "low" };
    const { warning, prompt } = await messages([user, effort("high"), user], { output_config }, thinker());
    expect(warning).toBeNull();
    expect(prompt).toContain("think=true high");
    const wrong = await messages([user, effort("huge"), user]);
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain("effort");
  });

  test("a message that says nothing at all is refused", async () => {
    const { status, text } = await messages([user, { role: "user" }]);
    expect(status).toBe(400);
    expect(text).toContain("messages.1.content: must be a string or an array of content blocks");
  });

  test("a system message for one turn is gone with the next", async () => {
    const note = { role: "system", content: "It is Monday.", clear_at: "next_user_message" };
    expect((await messages([user, note])).prompt).toContain("Monday");
    const later = await messages([user, note, { role: "assistant", content: "Yes." }, user]);
    expect(later.prompt).not.toContain("Monday");
    expect(later.prompt).toContain("Yes.");
  });

  test.each([
    [{ fallbacks: "default" }],
    [{ thinking: { type: "adaptive", display: "updates" } }],
    [{ billing_policy: { type: "billing_policy" }, user_profile_id: "u", workspace_id: "w" }],
    [{ fallback_credit_token: "t", betas: ["x"] }],
  ])("%j is accepted", async (body) => {
    expect((await messages([user], body)).status).toBe(200);
  });

  test("the state of a client's browser in a result is left out with a Warning", async () => {
    const call = { type: "tool_use", id: "t1", name: "open", input: {} };
    const content = [
      { type: "browser_state", tabs: [] },
      { type: "text", text: "opened" },
    ];
    const turns = [
      user,
      { role: "assistant", content: [call] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content }] },
    ];
    const { status, warning, prompt } = await messages(turns);
    expect(status).toBe(200);
    expect(warning).toContain("blocks of type browser_state ignored");
    expect(prompt).toContain("opened");
  });
});
