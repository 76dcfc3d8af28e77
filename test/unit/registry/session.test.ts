import { expect, test } from "bun:test";
import { silentLogger } from "../../../src/lib/logger.ts";
import { parseModelName } from "../../../src/models/name.ts";
import { BlobSource } from "../../../src/registry/blob-source.ts";
import { fetchManifest } from "../../../src/registry/manifest.ts";
import { RegistrySession, type SessionDeps } from "../../../src/registry/session.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { key } from "../../support/pull-fixture.ts";
import { digestOf } from "../../support/store-fixture.ts";

type Answer = (url: string, headers: Headers) => Response;

/** A session over a table of replies, and the requests that it made. */
function session(host: string, answer: Answer, more: Partial<SessionDeps> = {}) {
  const requests: { url: string; authorization: string | null }[] = [];
  const deps: SessionDeps = {
    mirrors: [],
    logger: silentLogger,
    async fetch(url, init) {
      const headers = new Headers(init.headers);
      requests.push({ url, authorization: headers.get("authorization") });
      return answer(url, headers);
    },
    policy: { allowed: ["*"], lookup: async () => ["8.8.8.8"] },
    clock: new FakeClock(),
    key: async () => key,
    userAgent: "test",
    huggingFaceToken: "hf_secret",
    ...more,
  };
  const name = parseModelName(`${host}/a/b`)!;
  return { session: new RegistrySession(name, { insecure: false }, deps), requests };
}

const get = (target: RegistrySession, url: string) =>
  target.send(new URL(url), { method: "GET", signal: new AbortController().signal });
const moved = (location: string) => new Response(null, { status: 302, headers: { location } });

test.each([
  ["hf.co", "Bearer hf_secret"],
  ["huggingface.co", "Bearer hf_secret"],
  ["hf.co.example", null],
  ["registry.ollama.ai", null],
])("Hugging Face's token goes to Hugging Face alone: %s", async (host, authorization) => {
  const { session: target, requests } = session(host, () => new Response("ok"));
  await get(target, `https://${host}/v2/x`);
  expect(requests).toEqual([{ url: `https://${host}/v2/x`, authorization }]);
});

test("a host that nobody knows is asked about the network", async () => {
  const { session: target } = session("registry.ollama.ai", () => {
    throw new Error("getaddrinfo ENOTFOUND registry.ollama.ai");
  });
  await expect(get(target, "https://registry.ollama.ai/v2/x")).rejects.toThrow(
    "registry.ollama.ai: getaddrinfo ENOTFOUND registry.ollama.ai; is there a network?",
  );
});

test("a redirect to another host carries no credentials, one on the same host does", async () => {
  const { session: target, requests } = session("hf.co", (url) => {
    if (url.endsWith("/one")) return moved("/two");
    if (url.endsWith("/two")) return moved("https://cdn.example/three");
    return new Response("ok");
  });
  const { url } = await get(target, "https://hf.co/one");
  expect(url.href).toBe("https://cdn.example/three");
  expect(requests.map(({ authorization }) => authorization)).toEqual([
    "Bearer hf_secret",
    "Bearer hf_secret",
    null,
  ]);
});

test.each([
  ["http://cdn.example/x", "only reached over http"],
  ["https://10.0.0.1/x", "private network"],
  ["file:///etc/passwd", "no protocol"],
  ["https://a b/", "no URL"],
])("a redirect to %s is refused", async (location, message) => {
  const { session: target } = session("hf.co", () => moved(location));
  expect(get(target, "https://hf.co/x")).rejects.toThrow(message);
});

test("a redirect that has a password in it does not make us log in", async () => {
  const { session: target, requests } = session("hf.co", (url) =>
    url.endsWith("/x") ? moved("https://me:secret@cdn.example/y") : new Response("ok"),
  );
  await get(target, "https://hf.co/x");
  expect(requests.at(-1)).toEqual({ url: "https://cdn.example/y", authorization: null });
});

test.each([
  ["the registry itself", "https://hf.co/error", "the words", "the words"],
  ["the registry itself, without a word,", "https://hf.co/error", " ", "hf.co gives no reason"],
  [
    "a host that it has sent us to",
    "https://cdn.example/error",
    "the words",
    "the host that hf.co has sent us to refuses",
  ],
])("what %s says of a failure", async (_who, location, said, reason) => {
  const { session: target } = session("hf.co", (url) =>
    url === location ? new Response(said, { status: 500 }) : moved(location),
  );
  const name = parseModelName("hf.co/a/b")!;
  const fetched = fetchManifest(target, name, new AbortController().signal);
  await expect(fetched).rejects.toMatchObject({ message: `pull model manifest: 500: ${reason}` });
});

test("redirects without end", async () => {
  const { session: target } = session("hf.co", () => moved("/again"));
  expect(get(target, "https://hf.co/x")).rejects.toThrow("maximum redirects exceeded (10) for directURL");
});

test("requests that find a token expired together ask for one, and none is refused", async () => {
  let tokens = 0;
  const { session: target } = session("r.example", (url, headers) => {
    if (url.includes("/token")) return Response.json({ token: `t${++tokens}` });
    if (headers.get("authorization") === "Bearer t1") return new Response("ok");
    const challenge = 'Bearer realm="https://r.example/token"';
    return new Response(null, { status: 401, headers: { "www-authenticate": challenge } });
  });
  const answers = await Promise.all([1, 2, 3, 4].map((id) => get(target, `https://r.example/${id}`)));
  expect(answers.map(({ response }) => response.status)).toEqual([200, 200, 200, 200]);
  expect(tokens).toBe(1);
});

test("a direct URL that has expired is asked for again", async () => {
  let signature = 0;
  let valid = 1;
  const { session: target, requests } = session("r.example", (url, headers) => {
    if (url.startsWith("https://r.example/")) return moved(`https://cdn.example/f?s=${++signature}`);
    if (url !== `https://cdn.example/f?s=${valid}`) return new Response(null, { status: 403 });
    const [, start, end] = /(\d+)-(\d+)/.exec(headers.get("range") ?? "")!;
    return new Response("abcde", { status: 206, headers: { "content-range": `bytes ${start}-${end}/10` } });
  });
  const source = new BlobSource(target, "/v2/a/b", { digest: digestOf("x"), size: 10 });
  const { signal } = new AbortController();
  await source.range(0, 5, signal);
  await source.range(5, 10, signal);
  expect(requests).toHaveLength(3);
  valid = 2;
  await source.range(0, 5, signal);
  expect(requests.slice(3).map(({ url }) => new URL(url).host)).toEqual([
    "cdn.example",
    "r.example",
    "cdn.example",
  ]);
});

test.each([
  ["another size", { "content-range": "bytes 0-4/11" }, "has 11 bytes, the manifest says 10"],
  ["another range", { "content-range": "bytes 1-5/10" }, 'the registry sends "bytes 1-5/10"'],
  ["no range", {}, 'the registry sends ""'],
])("a part with %s is refused", async (_what, headers, message) => {
  const { session: target } = session("r.example", () => new Response("abcde", { status: 206, headers }));
  const source = new BlobSource(target, "/v2/a/b", { digest: digestOf("x"), size: 10 });
  expect(source.range(0, 5, new AbortController().signal)).rejects.toThrow(message);
});

test("the connection goes to an address that was checked, and a listed host to wherever its name leads", async () => {
  const seen: [host: string, address: string | undefined][] = [];
  const { session: target } = session("hf.co", () => new Response("ok"), {
    policy: { allowed: ["hf.co"], lookup: async () => ["2001:4860::8888", "8.8.8.8"] },
    async fetch(url, _init, address) {
      const { host } = new URL(url);
      seen.push([host, address]);
      if (address === "8.8.8.8") throw Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
      return host === "hf.co" ? moved("https://cdn.example/x") : new Response("ok");
    },
  });
  expect(await (await get(target, "https://hf.co/x")).response.text()).toBe("ok");
  expect(seen).toEqual([
    ["hf.co", undefined],
    ["cdn.example", "8.8.8.8"],
    ["cdn.example", "2001:4860::8888"],
  ]);
});
