import { describe, expect, test } from "bun:test";
import { createKey } from "../../src/access/manage-keys.ts";
import { AppError } from "../../src/lib/errors.ts";
import { type FakeApp, fakeApp, NOW } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const HOUR = 3_600_000;

async function ask(app: FakeApp, path: string, body: object): Promise<void> {
  await (await app.send("POST", path, body)).text();
  // The observers are told a moment after the reply.
  await Bun.sleep(0);
}

const chat = (model = "test") => ({ model, messages: [{ role: "user", content: "hi" }] });

async function usage(app: FakeApp, query = "") {
  const reply = await app.send("GET", `/api/usage${query}`);
  expect(reply.status).toBe(200);
  return (await reply.json()) as { from: string; to: string; usage: Record<string, unknown>[] };
}

describe("GET /api/usage", () => {
  test("requests of all dialects, streamed or whole, by model and kind", async () => {
    const app = fakeApp([fakeModel("test"), fakeModel("other")]);
    app.engine.replies = Array.from({ length: 4 }, () => ({ texts: ["a", "b", "c"], cachedTokens: 2 }));
    await ask(app, "/api/chat", chat());
    await ask(app, "/api/chat", { ...chat(), stream: false });
    await ask(app, "/v1/chat/completions", chat("other"));
    await ask(app, "/v1/messages", { ...chat("other"), max_tokens: 9 });
    await ask(app, "/api/generate", { model: "test" });
    const { usage: sums } = await usage(app, "?group=model,kind,dialect");
    const told = sums.map(({ model, kind, dialect, requests, cached_tokens, first_tokens }) => [
      model,
      kind,
      dialect,
      requests,
      cached_tokens,
      first_tokens,
    ]);
    expect(told).toEqual([
      ["other:latest", "chat", "anthropic", 1, 2, 1],
      ["other:latest", "chat", "openai", 1, 2, 1],
      ["test:latest", "chat", "ollama", 2, 4, 2],
      ["test:latest", "load", "ollama", 1, 0, 0],
    ]);
  });

  test("what failed counts as an error, and what named no installed model not at all", async () => {
    const app = fakeApp();
    app.engine.acquireError = new AppError("busy", "server busy");
    await ask(app, "/api/chat", chat());
    await ask(app, "/api/chat", chat("absent"));
    const { usage: sums } = await usage(app);
    expect(sums).toMatchObject([{ requests: 1, errors: 1, prompt_tokens: 0 }]);
    expect(sums[0]).not.toHaveProperty("model");
  });

  test("a bucket is an hour or a day, and what is asked for ends before `to`", async () => {
    const app = fakeApp();
    await ask(app, "/api/chat", chat());
    app.clock.advance(HOUR);
    await ask(app, "/api/chat", chat());
    expect((await usage(app)).usage.map(({ start }) => start)).toEqual([
      "2026-01-02T03:00:00.000Z",
      "2026-01-02T04:00:00.000Z",
    ]);
    expect(await usage(app, "?bucket=day&group=key")).toMatchObject({
      from: "2025-12-03T00:00:00.000Z",
      usage: [{ start: "2026-01-02T00:00:00.000Z", key: null, requests: 2 }],
    });
    expect((await usage(app, "?to=2026-01-02T04:00:00Z")).usage).toHaveLength(1);
    expect((await usage(app, "?from=2026-01-02T04:03:00Z")).usage).toHaveLength(1);
  });

  test("what cannot be understood is refused with the reason", async () => {
    const app = fakeApp();
    for (const [query, error] of [
      ["bucket=week", 'bucket must be "hour" or "day"'],
      ["from=yesterday", "from must be a date or time such as 2026-11-30 or 2026-11-30T08:00:00Z"],
      ["from=2026-02-01&to=2026-01-01", "from must be before to"],
      ["group=model,colour", 'group must be of model, key, dialect, kind, separated by commas, not "colour"'],
    ]) {
      const reply = await app.send("GET", `/api/usage?${query}`);
      expect(reply.status).toBe(400);
      expect<unknown>(await reply.json()).toEqual({ error });
    }
  });
});

test("one key's use, one model's, and the names of keys", async () => {
  const app = fakeApp([fakeModel("test"), fakeModel("other")]);
  const [ada, bob] = ["ada", "bob"].map((name) =>
    createKey(app.keys.books, { name, scopes: ["manage"] }, NOW),
  ) as [ReturnType<typeof createKey>, ReturnType<typeof createKey>];
  const as = ({ text }: { text: string }) => ({ authorization: `Bearer ${text}` });
  for (const [key, model] of [
    [ada, "test"],
    [ada, "other"],
    [bob, "test"],
  ] as const) {
    await (await app.send("POST", "/api/chat", chat(model), as(key))).text();
    await Bun.sleep(0);
  }
  const told = async (query: string) => {
    const reply = await app.send("GET", `/api/usage?group=model,key&${query}`, undefined, as(ada));
    const { usage: sums } = (await reply.json()) as { usage: Record<string, unknown>[] };
    return sums.map(({ model, key, key_name, requests }) => [model, key, key_name, requests]);
  };
  const adas = [
    ["other:latest", ada.key.id, "ada", 1],
    ["test:latest", ada.key.id, "ada", 1],
  ];
  expect(await told("key=ada")).toEqual(adas);
  expect(await told(`key=${ada.key.id}`)).toEqual(adas);
  expect(await told("key=bob&model=test")).toEqual([["test:latest", bob.key.id, "bob", 1]]);
  expect(await told("model=other:latest")).toEqual([["other:latest", ada.key.id, "ada", 1]]);
  expect(await told("key=nobody")).toEqual([]);
  expect(await told("key=none")).toEqual([]);
  // A key that is revoked keeps what it has used.
  app.keys.books.revoke(bob.key.id, NOW);
  expect(await told("key=bob")).toEqual([["test:latest", bob.key.id, "bob", 1]]);
});
