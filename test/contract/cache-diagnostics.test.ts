import { describe, expect, test } from "bun:test";
import type Anthropic from "@anthropic-ai/sdk";
import type OpenAI from "openai";
import { caller } from "../support/anthropic.ts";
import { fakeApp, linesOf } from "../support/fake-app.ts";
import { eventsOf } from "../support/sse.ts";

const question = { role: "user", content: "Who are you? ".repeat(20) };
const tools = [{ name: "f", input_schema: { type: "object" } }];

describe("/api/chat and /api/generate", () => {
  test("tell the cached tokens by Ollama's name, and nothing more unless they are asked to", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], cachedTokens: 7 }];
    const reply = await app.send("POST", "/api/chat", { model: "test", messages: [question], stream: false });
    const body = await reply.json();
    expect(body).toMatchObject({ prompt_eval_cached_count: 7 });
    expect(body).not.toHaveProperty("cache_diagnostics");
  });

  test("a changed message: which one, and where", async () => {
    const app = fakeApp();
    const first = { model: "test", messages: [question], stream: false };
    await app.send("POST", "/api/chat", first);
    const changed = { ...question, content: `${question.content}!` };
    const reply = await app.send("POST", "/api/chat", {
      ...first,
      messages: [changed],
      cache_diagnostics: true,
    });
    expect(await reply.json()).toMatchObject({
      cache_diagnostics: {
        reason: "messages_changed",
        message: 0,
        byte: 260,
        source: "none",
        cached_tokens: 0,
        missed_tokens: expect.any(Number),
      },
    });
  });

  test("what was evicted: when, and by what; in the last line of a stream", async () => {
    const app = fakeApp();
    const miss = { reason: "evicted", at: 90, evictedAt: 0, evictedBy: "memory_budget" } as const;
    app.engine.replies = [{ texts: ["a"] }, { texts: ["b"], cache: { source: "none", reused: 0, miss } }];
    const asked = { model: "test", prompt: question.content, cache_diagnostics: true };
    const [first] = (await linesOf(await app.send("POST", "/api/generate", asked))).slice(-1);
    expect(first).toMatchObject({ cache_diagnostics: { reason: "new" } });
    const lines = await linesOf(await app.send("POST", "/api/generate", asked));
    expect(lines.at(-1)).toMatchObject({
      cache_diagnostics: {
        reason: "evicted",
        evicted_at: "1970-01-01T00:00:00Z",
        evicted_by: "memory_budget",
      },
    });
    expect(lines[0]).not.toHaveProperty("cache_diagnostics");
  });
});

describe("/v1/chat/completions", () => {
  const asked = { model: "test", messages: [question], cache_diagnostics: true };

  test("in the usage", async () => {
    const app = fakeApp();
    const reply = await app.send("POST", "/v1/chat/completions", asked);
    expect(await reply.json()).toMatchObject({
      usage: { cache_diagnostics: { reason: "new", source: "none" } },
    });
  });

  test("in a stream's usage, which it then has", async () => {
    const reply = await fakeApp().send("POST", "/v1/chat/completions", { ...asked, stream: true });
    const chunks = (await eventsOf(reply)) as { usage?: object | null }[];
    expect(chunks.find(({ usage }) => usage)).toMatchObject({
      usage: { cache_diagnostics: { reason: "new" } },
    });
  });
});

describe("/v1/messages, in the shapes of Anthropic's SDK", () => {
  const asked = { model: "test", max_tokens: 10, messages: [question], tools };
  const send = async (app: ReturnType<typeof fakeApp>, body: object): Promise<Anthropic.Message> =>
    (await (await app.send("POST", "/v1/messages", body)).json()) as Anthropic.Message;
  const reasonOf = ({ diagnostics }: Anthropic.Message): Anthropic.CacheMissReason | null | undefined =>
    diagnostics?.cache_miss_reason;

  test.each([
    [{ tools: [...tools, { name: "g", input_schema: { type: "object" } }] }, "tools_changed"],
    [{ system: "Be brief." }, "system_changed"],
    [{ messages: [{ ...question, content: "Hm?" }, question] }, "messages_changed"],
  ])("a request that differs by %j", async (change, type) => {
    const app = caller();
    const { id } = await send(app, asked);
    const diagnostics: Anthropic.DiagnosticsParam = { previous_message_id: id };
    const reason = reasonOf(await send(app, { ...asked, ...change, diagnostics }));
    expect<unknown>(reason).toEqual({ type, cache_missed_input_tokens: expect.any(Number) });
  });

  test("the first turn has nothing to compare with, and a hit nothing to tell", async () => {
    const app = caller();
    app.engine.replies = [{ texts: ["a"] }, { texts: ["b"], cachedTokens: 100_000 }];
    const first = await send(app, { ...asked, diagnostics: { previous_message_id: null } });
    expect(first.diagnostics).toBeNull();
    const second = await send(app, { ...asked, diagnostics: { previous_message_id: first.id } });
    expect(second.diagnostics).toBeNull();
  });

  test("an answer that is not known, and a miss that is not the client's", async () => {
    const app = caller();
    const unknown = await send(app, { ...asked, diagnostics: { previous_message_id: "msg_none" } });
    expect(reasonOf(unknown)).toEqual({ type: "previous_message_not_found" });
    const again = await send(app, { ...asked, diagnostics: { previous_message_id: unknown.id } });
    expect(reasonOf(again)).toEqual({ type: "unavailable" });
  });
});

describe("/v1/responses, in the shapes of OpenAI's SDK", () => {
  const asked = { model: "test", input: question.content };
  const send = async (app: ReturnType<typeof fakeApp>, body: object): Promise<OpenAI.Responses.Response> =>
    (await (await app.send("POST", "/v1/responses", body)).json()) as OpenAI.Responses.Response;
  const comparedWith = (comparison_response_id: string) => ({
    prompt_cache_options: { comparison_response_id },
  });

  test("nothing without a response to compare with", async () => {
    expect(await send(fakeApp(), asked)).not.toHaveProperty("prompt_cache_diagnostics");
  });

  test("a changed input, and a hit", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"] }, { texts: ["b"] }, { texts: ["c"], cachedTokens: 100_000 }];
    const { id } = await send(app, asked);
    const changed = await send(app, { ...asked, input: "Hm?".repeat(40), ...comparedWith(id) });
    expect<unknown>(changed.prompt_cache_diagnostics).toEqual({
      type: "cache_miss",
      reason: "input_changed",
      cache_missed_tokens: expect.any(Number),
    });
    expect(changed.prompt_cache_options).toEqual({
      mode: "implicit",
      ttl: "30m",
      comparison_response_id: id,
    });
    const same = await send(app, { ...asked, ...comparedWith(id) });
    expect(same.prompt_cache_diagnostics).toEqual({ type: "cache_hit" });
  });

  test("a response that is not known", async () => {
    const reply = await send(fakeApp(), { ...asked, ...comparedWith("resp_none") });
    expect(reply.prompt_cache_diagnostics).toEqual({ type: "comparison_response_not_found" });
  });
});

test("tokens that were guessed are counted where anything was guessed", async () => {
  const app = fakeApp();
  const speculation = { drafted: 9, accepted: 7, kind: "model" as const };
  app.engine.replies = [{ texts: ["a"], speculation }, { texts: ["a"], speculation }, { texts: ["a"] }];
  const body = { model: "test", messages: [question], stream: false };
  const chat = await (await app.send("POST", "/api/chat", body)).json();
  expect(chat).toMatchObject({ draft_count: 9, draft_accepted_count: 7, draft_kind: "model" });
  const completion = (await (
    await app.send("POST", "/v1/chat/completions", body)
  ).json()) as OpenAI.ChatCompletion;
  expect(completion.usage?.completion_tokens_details).toEqual({
    reasoning_tokens: 0,
    accepted_prediction_tokens: 7,
    rejected_prediction_tokens: 2,
  });
  expect(await (await app.send("POST", "/api/chat", body)).json()).not.toHaveProperty("draft_count");
});
