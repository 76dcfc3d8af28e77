/** API keys: who gets in where, and how those hear of it who do not. */
import { describe, expect, test } from "bun:test";
import { createKey, type KeyOrder } from "../../src/access/manage-keys.ts";
import { accessOf, SCOPE_OF } from "../../src/http/access.ts";
import { everyRoute, type FakeApp, fakeApp, NOW } from "../support/fake-app.ts";

const make = ({ keys }: FakeApp, order: Partial<KeyOrder> & { name: string }): string =>
  createKey(keys.books, order, NOW).text;

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** A server with a key of every kind; the clock has gone on since one of them expired. */
function locked() {
  const app = fakeApp();
  const key = {
    infer: make(app, { name: "infer" }),
    manage: make(app, { name: "manage", scopes: ["manage"] }),
    admin: make(app, { name: "admin", scopes: ["admin"] }),
    expired: make(app, { name: "expired", scopes: ["admin"], expiresAt: NOW + 1000 }),
    revoked: make(app, { name: "revoked", scopes: ["admin"] }),
  };
  app.keys.books.revoke(app.keys.books.list().find(({ name }) => name === "revoked")!.id, NOW);
  app.clock.advance(2000);
  return { ...app, key, wrong: `${key.admin.slice(0, -1)}${key.admin.endsWith("A") ? "B" : "A"}` };
}

/** The fields of a reply that are texts, by the claim of the test. */
const jsonOf = async (reply: Response): Promise<Record<string, string>> =>
  (await reply.json()) as Record<string, string>;

/** The kind of the message's envelope, by which a client of the dialect reads it; it throws for another one. */
async function failureIn(path: string, reply: Response): Promise<string> {
  const text = await reply.text();
  const body = text === "" ? { error: "" } : JSON.parse(text);
  if (path.startsWith("/v1/messages")) {
    expect(body).toMatchObject({ type: "error", request_id: expect.any(String) });
    return `${body.error.type}: ${body.error.message}`;
  }
  if (path.startsWith("/v1/")) {
    expect(Object.keys(body.error)).toEqual(["message", "type", "param", "code"]);
    return `${body.error.code}: ${body.error.message}`;
  }
  expect(body.error).toBeString();
  return body.error;
}

const routes = everyRoute()
  .filter(({ method }) => method !== "ALL")
  .map(({ method, path }) => ({ method, path, needed: SCOPE_OF[accessOf(method, path) ?? "local"] }));

const SCOPES = ["infer", "manage", "admin"] as const;

describe("every route", () => {
  test.each(routes)("$method $path takes the scope $needed", async ({ method, path, needed }) => {
    const { send, key, wrong } = locked();
    const url = path.replace(/:[^/]+/g, "x").replace("*", "x/y");
    const ask = (headers: Record<string, string> = {}) =>
      send(method, url, method === "GET" || method === "HEAD" ? undefined : "{}", headers);
    const bad = { none: undefined, wrong, expired: key.expired, revoked: key.revoked };
    for (const [kind, presented] of Object.entries(bad)) {
      const reply = await ask(presented === undefined ? {} : bearer(presented));
      if (needed === undefined) expect([401, 403]).not.toContain(reply.status);
      else {
        expect([kind, reply.status]).toEqual([kind, 401]);
        expect(reply.headers.get("www-authenticate")).toBe('Bearer realm="llamero"');
        expect(await failureIn(url, reply)).not.toContain(presented ?? "nothing");
      }
    }
    for (const scope of SCOPES) {
      const suffices = needed === undefined || SCOPES.indexOf(scope) >= SCOPES.indexOf(needed);
      for (const headers of [bearer(key[scope]), { "x-api-key": key[scope] }]) {
        const { status } = await ask(headers);
        expect([scope, status === 401 || status === 403]).toEqual([scope, !suffices]);
      }
    }
  });

  test("that is not there tells callers without a key nothing", async () => {
    const { send, key } = locked();
    for (const [method, path] of [
      ["GET", "/api/nothing"],
      ["PUT", "/api/tags"],
      ["POST", "/API/tags"],
      ["POST", "/v1/nothing"],
      ["OPTIONS", "/api/tags"],
    ] as const) {
      expect((await send(method, path)).status).toBe(401);
      expect([404, 405]).toContain((await send(method, path, undefined, bearer(key.infer))).status);
    }
  });
});

describe("a refusal says what is wrong", () => {
  const CASES: [string, string][] = [
    ["/api/chat", "this server"],
    ["/v1/chat/completions", "invalid_api_key: this server"],
    ["/v1/responses", "invalid_api_key: this server"],
    ["/v1/messages", "authentication_error: this server"],
  ];
  test.each(CASES)("on %s: %s …", async (path, start) => {
    const { send, wrong } = locked();
    expect(await failureIn(path, await send("POST", path, {}))).toStartWith(`${start} asks for an API key`);
    const unknown = await send("POST", path, {}, bearer(wrong));
    expect(await failureIn(path, unknown)).toStartWith(`${start} does not know the API key`);
  });

  test("to whoever holds a key that was one, or is too narrow", async () => {
    const { send, key } = locked();
    const said = async (of: string) => (await jsonOf(await send("POST", "/api/pull", {}, bearer(of)))).error;
    expect(await said(key.expired)).toBe('the API key "expired" has expired');
    expect(await said(key.revoked)).toBe('the API key "revoked" was revoked');
    expect(await said(key.infer)).toBe(
      'the API key "infer" does not have the scope "manage" that this takes',
    );
  });

  test("also to pages of origins that may call", async () => {
    const { send } = locked();
    const reply = await send("GET", "/api/tags", undefined, { origin: "http://localhost:3000" });
    expect([reply.status, reply.headers.get("access-control-allow-origin")]).toEqual([
      401,
      "http://localhost:3000",
    ]);
    const headers = { origin: "http://localhost:3000", "access-control-request-method": "GET" };
    expect((await send("OPTIONS", "/api/tags", undefined, headers)).status).toBe(204);
  });
});

describe("keys are asked for", () => {
  test("from the first one on, and still when it was revoked", async () => {
    const { send, keys } = fakeApp();
    expect((await send("GET", "/api/tags", undefined, bearer("ollama"))).status).toBe(200);
    const made = await jsonOf(await send("POST", "/api/keys", { name: "ada", scopes: ["admin"] }));
    expect((await send("GET", "/api/tags")).status).toBe(401);
    expect((await send("DELETE", "/api/keys/ada", undefined, bearer(made.key ?? ""))).status).toBe(200);
    expect([keys.required(), (await send("GET", "/api/tags")).status]).toEqual([true, 401]);
  });

  test("as OLLAMA_REQUIRE_KEYS says", async () => {
    const closed = fakeApp([], { OLLAMA_REQUIRE_KEYS: "1" });
    expect((await closed.send("GET", "/api/tags")).status).toBe(401);
    expect((await closed.send("POST", "/api/keys", { name: "me", scopes: ["admin"] })).status).toBe(401);
    const open = fakeApp([], { OLLAMA_REQUIRE_KEYS: "0" });
    make(open, { name: "ada" });
    expect((await open.send("GET", "/api/tags")).status).toBe(200);
  });

  test("in either header, of which one may have a placeholder", async () => {
    const { send, key } = locked();
    const status = async (headers: Record<string, string>) =>
      (await send("GET", "/api/tags", undefined, headers)).status;
    expect(await status({ authorization: "Bearer ollama", "x-api-key": key.infer })).toBe(200);
    expect(await status({ ...bearer(key.infer), "x-api-key": "ollama" })).toBe(200);
    expect(await status({ authorization: `bearer   ${key.infer}` })).toBe(200);
    expect(await status({ authorization: `Basic ${key.infer}` })).toBe(401);
    expect(await status({ authorization: key.infer })).toBe(401);
  });
});

describe("/api/keys", () => {
  test("makes, lists and revokes keys, and tells a key once", async () => {
    const { send, keys } = fakeApp();
    const order = {
      name: "ada",
      scopes: ["admin", "infer"],
      expires_at: "2027-01-01T00:00:00Z",
      concurrency: 2,
    };
    const made = await jsonOf(
      await send("POST", "/api/keys", { ...order, tokens_per_minute: 10, tokens_per_day: 20 }),
    );
    expect<object>(made).toEqual({
      ...order,
      id: expect.stringMatching(/^[a-z0-9]{8}$/),
      source: "books",
      state: "valid",
      scopes: ["infer", "admin"],
      tokens_per_minute: 10,
      tokens_per_day: 20,
      created_at: "2026-01-02T03:04:05.25Z",
      key: expect.stringMatching(new RegExp(`^llamero-${made.id}-[\\w-]{43}$`)),
    });
    expect(JSON.stringify(keys.books.list())).not.toContain(made.key);
    const { key = "", ...shown } = made;
    const list = await send("GET", "/api/keys", undefined, bearer(key));
    expect(await list.json()).toEqual({ required: true, keys: [shown] });
    const revoked = await (await send("DELETE", `/api/keys/${made.id}`, undefined, bearer(key))).json();
    expect(revoked).toMatchObject({ state: "revoked", revoked_at: "2026-01-02T03:04:05.25Z" });
  });

  test.each<[object, string]>([
    [{}, "name must have"],
    [{ name: "a b" }, "name must have"],
    [{ name: "a", scopes: ["root"] }, 'scopes must be some of infer, manage, admin, not "root"'],
    [{ name: "a", scopes: [] }, "scopes must be some of"],
    [{ name: "a", expires_at: "2020-01-01" }, "a key cannot expire in the past"],
    [{ name: "a", expires_at: "tomorrow" }, "expires_at must be a time"],
    [{ name: "a", concurrency: 0 }, "concurrency must be a whole number from 1 on"],
    [{ name: "a", tokens_per_day: -1 }, "tokens_per_day must be"],
    [{ name: "there" }, 'there is an API key "there" already'],
  ])("refuses %j", async (body, message) => {
    const app = fakeApp([], { OLLAMA_REQUIRE_KEYS: "0" });
    make(app, { name: "there" });
    const reply = await app.send("POST", "/api/keys", body);
    expect([reply.status, (await jsonOf(reply)).error]).toEqual([400, expect.stringContaining(message)]);
  });

  test("knows what is not there", async () => {
    const { send, key } = locked();
    expect((await send("DELETE", "/api/keys/nobody", undefined, bearer(key.admin))).status).toBe(404);
  });
});

test("the log names the key and shows nothing of it; the engine knows the caller by it", async () => {
  const { send, key, log, engine, keys } = locked();
  await (
    await send("POST", "/api/generate", { model: "test", prompt: "hi", stream: false }, bearer(key.infer))
  ).text();
  expect(log.join("\n")).toContain("key=infer");
  expect(log.join("\n")).not.toContain(key.infer);
  const { id } = keys.books.list().find(({ name }) => name === "infer")!;
  expect(engine.acquired.map(({ options }) => options.caller)).toEqual([`key:${id}`]);
});
