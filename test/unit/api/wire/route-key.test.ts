import { describe, expect, test } from "bun:test";
import { routeKey } from "../../../../src/api/wire/route-key.ts";
import { fakeApp } from "../../../support/fake-app.ts";

const key = (body: unknown, headers: Record<string, string> = {}) => routeKey(new Headers(headers), body);
const user = (content: unknown) => ({ role: "user", content });
const chat = (...messages: unknown[]) => ({ model: "m", messages });

describe("the routing key", () => {
  test("stays the same while a conversation grows", () => {
    const first = chat({ role: "system", content: "be brief" }, user("hello"));
    const later = chat(
      { role: "system", content: "be brief" },
      user("hello"),
      { role: "assistant" },
      user("x"),
    );
    expect(key(later)).toBe(key(first)!);
    expect(key(first)).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each([
    ["messages", chat(user("a")), chat(user("b"))],
    ["parts", chat(user([{ type: "text", text: "a" }])), chat(user([{ type: "text", text: "b" }]))],
    [
      "pictures",
      chat(user([{ type: "image_url", image_url: "a" }])),
      chat(user([{ type: "image_url", image_url: "b" }])),
    ],
    ["models", chat(user("a")), { ...chat(user("a")), model: "n" }],
    ["inputs", { model: "m", input: "a" }, { model: "m", input: "b" }],
    ["input items", { model: "m", input: [user("a")] }, { model: "m", input: [user("b")] }],
    ["prompts", { model: "m", prompt: "a" }, { model: "m", prompt: "b" }],
    ["keys", { ...chat(user("a")), prompt_cache_key: "k" }, { ...chat(user("a")), prompt_cache_key: "l" }],
  ])("of different %s is not the same", (_, one, other) => {
    expect(key(one)).not.toBe(key(other)!);
  });

  test("is the request's own where it says one, whatever it says besides", () => {
    const keyed = key({ model: "x", prompt: "p", prompt_cache_key: "k" });
    expect(
      key({ ...chat(user("a")), prompt_cache_key: "k", metadata: { user_id: "u" } }, { "x-session-id": "s" }),
    ).toBe(keyed!);
    expect(key(chat(user("a")), { "x-session-id": "k" })).toBe(keyed!);
    expect(key({ ...chat(user("b")), metadata: { user_id: "k" } })).toBe(keyed!);
    expect(key({ ...chat(user("b")), prompt_cache_key: "" }, { "x-session-id": "k" })).toBe(keyed!);
  });

  test("goes back as it came, unless it could be anything", () => {
    expect(key(chat(user("a")), { "x-llamero-route": "team-7.a_b" })).toBe("team-7.a_b");
    expect(key(chat(user("a")), { "x-llamero-route": "a b" })).toBe(key(chat(user("a")))!);
    expect(key(chat(user("a")), { "x-llamero-route": "x".repeat(65) })).toBe(key(chat(user("a")))!);
  });

  test.each([[{ model: "m" }], [null], [[]], ["text"], [{ source: "a", destination: "b" }]])(
    "%j has none",
    (body) => {
      expect(key(body)).toBeUndefined();
    },
  );

  test.each([
    [chat()],
    [chat(null)],
    [chat("text")],
    [{ model: "m", prompt: ["a", "b"] }],
    [{ model: "m", input: [1, 2] }],
  ])("%j, whatever it is, has one", (body) => {
    expect(key(body)).toMatch(/^[0-9a-f]{32}$/);
  });
});

test("every reply about a conversation names it, refusals too; others do not", async () => {
  const app = fakeApp();
  const body = { model: "test", messages: [user("hi")], stream: false };
  const replies = await Promise.all([
    app.send("POST", "/api/chat", body),
    app.send("POST", "/v1/chat/completions", body),
    app.send("POST", "/v1/messages", { ...body, max_tokens: 5 }),
    app.send("POST", "/api/chat", { ...body, stream: true }),
    app.send("POST", "/v1/responses", { model: "test", input: [user("hi")] }),
  ]);
  const routes = replies.map(({ headers }) => headers.get("x-llamero-route"));
  expect(new Set(routes)).toEqual(new Set([key(body)!]));
  const missing = await app.send(
    "POST",
    "/api/chat",
    { ...body, model: "none" },
    { "x-llamero-route": "r1" },
  );
  expect([missing.status, missing.headers.get("x-llamero-route")]).toEqual([404, "r1"]);
  expect((await app.send("GET", "/api/tags")).headers.has("x-llamero-route")).toBe(false);
});
