import { expect, test } from "bun:test";
import { silentLogger } from "../../../../src/lib/logger.ts";
import { parseModelName } from "../../../../src/models/name.ts";
import { RegistrySession, type SessionDeps } from "../../../../src/registry/session.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { key } from "../../../support/pull-fixture.ts";

type Answer = (url: URL, init: RequestInit, headers: Headers) => Response | Promise<Response>;

function sessionWith(answer: Answer, insecure = false): RegistrySession {
  const deps: SessionDeps = {
    mirrors: [],
    logger: silentLogger,
    async fetch(url, init) {
      return await answer(new URL(url), init, new Headers(init.headers));
    },
    policy: { allowed: ["*"], lookup: async () => ["8.8.8.8"] },
    clock: new FakeClock(),
    key: async () => key,
    userAgent: "test",
    huggingFaceToken: undefined,
  };
  return new RegistrySession(parseModelName("r.example/a/b")!, { insecure }, deps);
}

const { signal } = new AbortController();
const url = (path: string) => new URL(path, "https://r.example");

test("requests that need different permissions side by side get one token that has them all", async () => {
  const asked: string[][] = [];
  const session = sessionWith(async ({ pathname, searchParams }, { method }, headers) => {
    if (pathname === "/token") {
      const scopes = searchParams.getAll("scope");
      asked.push(scopes);
      // The smaller one takes longer.
      if (scopes.length === 1) await new Promise((resolve) => setImmediate(resolve));
      return Response.json({ token: scopes.toSorted().join(" ") });
    }
    const need = method === "HEAD" ? "pull" : "push";
    if (headers.get("authorization")?.includes(need)) return new Response();
    const challenge = `Bearer realm="https://r.example/token",scope="${need}"`;
    return new Response(null, { status: 401, headers: { "www-authenticate": challenge } });
  });
  const send = async (method: string) => (await session.send(url("/x"), { method, signal })).response.status;
  expect(await Promise.all(["HEAD", "POST", "HEAD", "POST"].map(send))).toEqual([200, 200, 200, 200]);
  expect(asked).toEqual([["pull"], ["pull", "push"]]);
  expect(await Promise.all(["POST", "HEAD"].map(send))).toEqual([200, 200]);
  expect(asked).toHaveLength(2);
});

test("a body is made anew when it is sent again", async () => {
  const bodies: string[] = [];
  const session = sessionWith(async ({ pathname }, init, headers) => {
    if (pathname === "/token") return Response.json({ token: "t" });
    bodies.push(await new Response(init.body ?? null).text());
    if (headers.has("authorization")) return new Response(null, { status: 202 });
    const challenge = 'Bearer realm="https://r.example/token"';
    return new Response(null, { status: 401, headers: { "www-authenticate": challenge } });
  });
  let made = 0;
  const { response } = await session.send(url("/x"), {
    method: "PATCH",
    body: () => `body ${++made}`,
    signal,
  });
  expect([response.status, bodies]).toEqual([202, ["body 1", "body 2"]]);
});

test.each([401, 403])("who gets no token, with status %d, is denied", async (status) => {
  const session = sessionWith(({ pathname }) => {
    if (pathname === "/token") return new Response("unknown key", { status });
    const challenge = 'Bearer realm="https://r.example/token"';
    return new Response(null, { status: 401, headers: { "www-authenticate": challenge } });
  });
  expect(session.send(url("/x"), { method: "POST", signal })).rejects.toMatchObject({
    message: "unauthorized: access denied",
    status: 401,
  });
});

test("a redirect is the answer where that is asked for", async () => {
  const session = sessionWith(
    () => new Response(null, { status: 307, headers: { location: "https://cdn.example/part" } }),
  );
  const { response } = await session.send(url("/x"), { method: "PATCH", redirect: "manual", signal });
  expect([response.status, response.headers.get("location")]).toEqual([307, "https://cdn.example/part"]);
});

test("what carries its own permission gets no credentials, on the registry's host either", async () => {
  const seen: (string | null)[] = [];
  const session = sessionWith(({ pathname }, _init, headers) => {
    if (pathname === "/token") return Response.json({ token: "t" });
    seen.push(headers.get("authorization"));
    if (headers.has("authorization") || pathname === "/signed") return new Response();
    const challenge = 'Bearer realm="https://r.example/token"';
    return new Response(null, { status: 401, headers: { "www-authenticate": challenge } });
  });
  await session.send(url("/x"), { method: "POST", signal });
  await session.send(url("/signed"), { method: "PUT", anonymous: true, signal });
  expect(seen).toEqual([null, "Bearer t", null]);
});

test.each([
  ["/v2/next?a=b", false, "https://r.example/v2/next?a=b"],
  ["http://r.example/next", false, "https://r.example/next"],
  ["http://r.example/next", true, "http://r.example/next"],
  ["http://other.example/next", false, "http://other.example/next"],
])("the registry's %s (insecure: %p) is %s", (location, insecure, resolved) => {
  const session = sessionWith(() => new Response(), insecure);
  expect(session.resolve(location, session.base).href).toBe(resolved);
});
