import { describe, expect, test } from "bun:test";
import { thinker } from "../support/openai-fixture.ts";
import { answerOf, ask, id, message, streamOf } from "../support/openai-responses-fixture.ts";

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
