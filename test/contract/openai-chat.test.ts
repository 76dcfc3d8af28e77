import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/lib/errors.ts";
import { fakeApp } from "../support/fake-app.ts";
import { ask, chunksOf, user } from "../support/openai-chat-fixture.ts";
import { eventsOf } from "../support/sse.ts";

const created = 1_767_323_045;
const id = expect.stringMatching(/^chatcmpl-[a-z0-9]{24}$/);
const head = { id, created, model: "test", system_fingerprint: "fp_ollama" };

describe("an answer", () => {
  test("is one object", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a", "b"], cachedTokens: 1 }];
    const reply = await ask({}, app);
    expect([reply.status, reply.headers.get("content-type")]).toEqual([
      200,
      "application/json; charset=utf-8",
    ]);
    expect<unknown>(await reply.json()).toEqual({
      ...head,
      object: "chat.completion",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "ab", refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: {
        prompt_tokens: 2,
        completion_tokens: 2,
        total_tokens: 4,
        prompt_tokens_details: { cached_tokens: 1 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    });
    expect(app.engine.openLeases).toBe(0);
  });

  test("streams as events: the role once, then the text, then why it ended", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a", "b"], reason: "length" }];
    const reply = await ask({ stream: true }, app);
    expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    const choice = { index: 0, logprobs: null, finish_reason: null };
    expect<unknown>(await chunksOf(reply)).toEqual(
      [
        { ...choice, delta: { role: "assistant", content: "a" } },
        { ...choice, delta: { content: "b" } },
        { ...choice, delta: {}, finish_reason: "length" },
      ].map((only) => ({ ...head, object: "chat.completion.chunk", choices: [only] })),
    );
    expect(app.engine.openLeases).toBe(0);
  });

  test("token counts are a last chunk when asked for", async () => {
    const reply = await ask({ stream: true, stream_options: { include_usage: true } });
    const chunks = await chunksOf(reply);
    expect(chunks.map(({ usage }) => usage)).toEqual([
      null,
      null,
      {
        prompt_tokens: 2,
        completion_tokens: 2,
        total_tokens: 4,
        prompt_tokens_details: { cached_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    ]);
    expect(chunks.at(-1)!.choices).toEqual([]);
  });

  test("without any text is an empty chunk all the same", async () => {
    const app = fakeApp();
    app.engine.replies = [{}];
    const chunks = await chunksOf(await ask({ stream: true }, app));
    expect(chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta))).toEqual([
      { role: "assistant", content: "" },
      {},
    ]);
  });

  test("an error after the first event is the last event", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], error: new AppError("engine", "gone") }];
    const events = await eventsOf(await ask({ stream: true }, app));
    expect(events.length).toBe(2);
    expect(events.at(-1)).toEqual({
      error: { message: "gone", type: "api_error", param: null, code: null },
    });
    expect(app.engine.openLeases).toBe(0);
  });

  test("a client that leaves ends the generation", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], hangs: true }];
    const reader = (await ask({ stream: true }, app)).body!.getReader();
    await reader.read();
    await reader.cancel();
    await app.engine.cancellation.promise;
    expect(app.engine.openLeases).toBe(0);
  });
});

describe("several answers", () => {
  test("to one prompt, whole", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"] }, { texts: ["bc"] }];
    const { choices, usage } = (await (await ask({ n: 2, seed: 5 }, app)).json()) as {
      choices: { index: number; message: { content: string } }[];
      usage: object;
    };
    expect(choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, "a"],
      [1, "bc"],
    ]);
    expect(usage).toMatchObject({ prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 });
    expect(app.engine.tasks.map(({ sampling }) => sampling.seed)).toEqual([5, 6]);
  });

  test("streamed between each other", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a", "b"] }, { texts: ["c", "d"] }];
    const chunks = await chunksOf(await ask({ n: 2, stream: true }, app));
    const choices = chunks.flatMap((chunk) => chunk.choices);
    const deltas = (wanted: number) =>
      choices.filter(({ index }) => index === wanted).map(({ delta }) => delta);
    expect(deltas(0)).toEqual([{ role: "assistant", content: "a" }, { content: "b" }, {}]);
    expect(deltas(1)).toEqual([{ role: "assistant", content: "c" }, { content: "d" }, {}]);
    expect(choices.findIndex(({ index }) => index === 1)).toBeLessThan(
      choices.findLastIndex(({ index }) => index === 0),
    );
    expect(app.engine.openLeases).toBe(0);
  });

  test("one that fails ends the others", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], hangs: true }, { error: new AppError("engine", "gone") }];
    const events = await eventsOf(await ask({ n: 2, stream: true }, app));
    expect(events.at(-1)).toMatchObject({ error: { message: "gone" } });
    expect(app.engine.openLeases).toBe(0);
  });
});

test.each([
  [{ foo: 1 }, "foo ignored: unknown field"],
  [{ options: { foo: 1 } }, "option foo ignored: unknown option"],
  [
    { messages: [{ ...user("hi"), name: "me" }] },
    "messages.name ignored: templates have no place for names of speakers",
  ],
])("never silent: %j", async (body, message) => {
  expect((await ask(body)).headers.get("warning")).toBe(`199 - "${message}"`);
  const streamed = await ask({ ...body, stream: true });
  expect(streamed.headers.get("warning")).toBe(`199 - "${message}"`);
  expect(await streamed.text()).not.toContain("warnings");
});
