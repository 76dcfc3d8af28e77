import { describe, expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";
import { type Answer, answerOf, ask, id, message } from "../support/openai-responses-fixture.ts";

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

describe("a failure before the response begins has its own status", () => {
  test.each([true, false])("stream %p", async (stream) => {
    const reply = await ask({ model: "nope", stream });
    expect([reply.status, await reply.json()]).toEqual([
      404,
      { error: { message: "model 'nope' not found", type: "not_found_error", param: null, code: null } },
    ]);
  });
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
