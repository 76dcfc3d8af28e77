import { describe, expect, test } from "bun:test";
import { resolveConfig } from "../../../src/config/resolve.ts";
import { exposureWarnings } from "../../../src/http/exposure.ts";
import { createGuard } from "../../../src/http/guard.ts";
import { RouteTable } from "../../../src/http/route-table.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import { everyRoute } from "../../support/fake-app.ts";
import { memoryKeyRing } from "../../support/memory-keys.ts";

const LOOPBACK = "127.0.0.1";
const NEIGHBOUR = "172.18.0.3";
const STRANGER = "203.0.113.99";

const configOf = (env: Record<string, string>) => resolveConfig(env, { homedir: "/home/test" });

const routes = new RouteTable();
routes.add(everyRoute());

interface Call {
  route: string;
  from: string;
  host?: string;
  env?: Record<string, string>;
  headers?: Record<string, string>;
}

/** @returns the refusal's text, or "admitted". */
async function verdict({
  route,
  from,
  host = "ollama:11434",
  env = {},
  headers = {},
}: Call): Promise<string> {
  const config = configOf({ OLLAMA_HOST: "0.0.0.0", ...env });
  const guard = createGuard({
    keys: memoryKeyRing(systemClock),
    config,
    machine: { hostname: "box", addresses: ["192.0.2.1"] },
    routes,
  });
  const [method = "", path = ""] = route.split(" ");
  const request = new Request(`http://server${path}`, { method, headers: { host, ...headers } });
  const found = guard(request, from);
  if (found.reply === undefined) return "admitted";
  expect(found.reply.status).toBe(403);
  return await found.reply.text();
}

const MANAGE = [
  "POST /api/pull",
  "POST /api/push",
  "POST /api/create",
  "DELETE /api/delete",
  "POST /api/copy",
];
const BLOBS = [
  "POST /api/blobs/sha256:1",
  "HEAD /api/blobs/sha256:1",
  "POST /api/prune",
  "DELETE /api/pulls/1",
];

describe("what changes the models", () => {
  test.each([...MANAGE, ...BLOBS])("%s is for this machine and its neighbours", async (route) => {
    expect(await verdict({ route, from: LOOPBACK })).toBe("admitted");
    expect(await verdict({ route, from: NEIGHBOUR })).toBe("admitted");
    expect(await verdict({ route, from: STRANGER })).toContain("OLLAMA_OPEN=1");
    expect(await verdict({ route, from: STRANGER, env: { OLLAMA_OPEN: "1" } })).toBe("admitted");
  });

  test("is refused in the form of the native API", async () => {
    expect(JSON.parse(await verdict({ route: "POST /api/pull", from: STRANGER }))).toEqual({
      error:
        "/api/pull is for callers on the server's machine or in its private network: OLLAMA_OPEN=1 on the server opens it to everybody",
    });
  });

  test("a stranger behind a proxy of this machine stays one", async () => {
    const headers = { "x-forwarded-for": STRANGER };
    expect(await verdict({ route: "POST /api/pull", from: LOOPBACK, headers })).toContain("OLLAMA_OPEN=1");
  });
});

describe("what names files of the server", () => {
  test.each([{}, { OLLAMA_OPEN: "1" }])("is for this machine only, with %j", async (env) => {
    const route = "POST /api/import";
    expect(await verdict({ route, from: LOOPBACK, env })).toBe("admitted");
    expect(await verdict({ route, from: NEIGHBOUR, env })).toContain("server's own files");
    expect(await verdict({ route, from: STRANGER, env })).toContain("server's own files");
    const headers = { "x-forwarded-for": LOOPBACK };
    expect(await verdict({ route, from: LOOPBACK, env, headers })).toContain("server's own files");
  });
});

test.each([
  "GET /",
  "POST /api/chat",
  "GET /api/tags",
  "POST /v1/chat/completions",
  "GET /nothing",
  "PUT /api/pull",
])("%s is for everybody", async (route) => {
  expect(await verdict({ route, from: STRANGER })).toBe("admitted");
});

describe("the Host header beyond loopback", () => {
  test.each([
    "203.0.113.5:11434",
    "[2001:db8::1]",
    "ollama:11434",
    "nas",
    "nas.local",
    "a.svc.cluster.local",
    "box",
    "",
  ])("%s is no site of the internet", async (host) => {
    expect(await verdict({ route: "POST /api/pull", from: NEIGHBOUR, host })).toBe("admitted");
  });

  test.each(["evil.com", "evil.com:11434", "ollama.evil.com", "192.168.1.1.nip.io", "localhost.evil.com"])(
    "%s may be one, also for what is for everybody",
    async (host) => {
      for (const route of ["POST /api/pull", "GET /api/tags", "GET /"]) {
        const headers = { origin: `http://${host}` };
        expect(await verdict({ route, from: NEIGHBOUR, host, headers })).toContain("OLLAMA_ALLOWED_HOSTS");
      }
    },
  );

  test.each([
    ["llm.example.com", "llm.example.com", "admitted"],
    ["LLM.example.com:443", "llm.example.com", "admitted"],
    ["a.example.com", "*.example.com", "admitted"],
    ["evil.com", "*", "admitted"],
    ["example.com.evil.com", "*.example.com", "OLLAMA_ALLOWED_HOSTS"],
    ["xllm.example.com", "llm.example.com", "OLLAMA_ALLOWED_HOSTS"],
  ])("%s where OLLAMA_ALLOWED_HOSTS is %s: %s", async (host, allowed, expected) => {
    const env = { OLLAMA_ALLOWED_HOSTS: allowed };
    expect(await verdict({ route: "GET /", from: NEIGHBOUR, host, env })).toContain(expected);
    const local = { ...env, OLLAMA_HOST: "127.0.0.1" };
    expect(await verdict({ route: "GET /", from: LOOPBACK, host, env: local })).toContain(expected);
  });
});

describe("warnings at the start", () => {
  const warnings = (env: Record<string, string>) => exposureWarnings(configOf(env), false);

  test.each([{}, { OLLAMA_HOST: "localhost" }, { OLLAMA_HOST: "unix:///run/x.sock" }])(
    "none for %j",
    (env) => {
      expect(warnings(env)).toEqual([]);
    },
  );

  test("of a server that others can reach, and of what they may do", () => {
    expect(warnings({ OLLAMA_HOST: "0.0.0.0" })[0]).toContain("private network can pull");
    expect(warnings({ OLLAMA_HOST: "[::]", OLLAMA_OPEN: "1" })[0]).toContain(
      "everybody who reaches it can use, pull",
    );
  });

  test("of keys that anybody on the way can read", () => {
    const far = configOf({ OLLAMA_HOST: "0.0.0.0" });
    expect(exposureWarnings(far, true)).toEqual([expect.stringContaining("go over the network unencrypted")]);
    expect(exposureWarnings({ ...far, tlsCert: "/c" }, true)).toEqual([]);
    expect(exposureWarnings(configOf({}), true)).toEqual([]);
  });

  test("of a lone * in a list", () => {
    expect(warnings({ OLLAMA_ORIGINS: "*", OLLAMA_ALLOWED_HOSTS: "*" })).toHaveLength(2);
  });
});
