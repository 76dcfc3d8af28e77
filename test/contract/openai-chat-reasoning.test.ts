import { describe, expect, test } from "bun:test";
import { ask, chunksOf } from "../support/openai-chat-fixture.ts";
import { thinker } from "../support/openai-fixture.ts";

describe("reasoning", () => {
  test("is a field of its own", async () => {
    const app = thinker();
    app.engine.replies = [{ texts: ["<think>hm", "</think>yes"] }, { texts: ["<think>hm", "</think>yes"] }];
    expect<unknown>(await (await ask({}, app)).json()).toMatchObject({
      choices: [{ message: { content: "yes", reasoning: "hm" } }],
      usage: { completion_tokens_details: { reasoning_tokens: 2 } },
    });
    const chunks = await chunksOf(await ask({ stream: true }, app));
    expect(chunks.map(({ choices }) => choices[0]!.delta)).toEqual([
      { role: "assistant", content: "", reasoning: "hm" },
      { content: "yes" },
      {},
    ]);
  });

  test("reasoning_effort on a model that cannot think", async () => {
    expect((await ask({ reasoning_effort: "none" })).status).toBe(200);
    expect((await ask({ reasoning_effort: "low" })).status).toBe(400);
  });
});
