import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Listening, listen } from "../../src/http/listen.ts";
import { type FakeApp, fakeApp } from "../support/fake-app.ts";
import { listenConfig } from "../support/listen-config.ts";

interface Served extends AsyncDisposable, FakeApp {
  url: string;
}

/** The application on a real socket. */
async function serve(env: Record<string, string> = {}): Promise<Served> {
  const fake = fakeApp(undefined, env);
  const listening: Listening = await listen(fake.app, listenConfig());
  return { ...fake, url: listening.url, [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose]() };
}

/** A request written by hand, for what `fetch` would not send; the whole reply as text. */
function raw(url: string, lines: string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let reply = "";
  socket.on("data", (data) => {
    reply += data;
  });
  socket.on("end", () => resolve(reply));
  socket.on("error", reject);
  socket.write(`${[...lines, "Connection: close", "", ""].join("\r\n")}`);
  return promise;
}

const chat = (url: string, init: RequestInit = {}) =>
  fetch(`${url}/api/chat`, {
    method: "POST",
    body: JSON.stringify({ model: "test", messages: [{ role: "user", content: "hi" }] }),
    ...init,
  });

describe("origins", () => {
  test("none: no CORS headers", async () => {
    await using server = await serve();
    const reply = await fetch(`${server.url}/api/version`);
    expect(reply.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("an allowed one is echoed, on errors and streams too", async () => {
    await using server = await serve();
    const headers = { origin: "http://localhost:3000" };
    const replies = [
      await fetch(`${server.url}/api/version`, { headers }),
      await fetch(`${server.url}/nope`, { headers }),
      await chat(server.url, { headers }),
    ];
    for (const reply of replies) {
      expect(reply.headers.get("access-control-allow-origin")).toBe("http://localhost:3000");
      expect(reply.headers.get("vary")).toBe("Origin");
    }
    expect(replies.map(({ status }) => status)).toEqual([200, 404, 200]);
    await replies[2]!.text();
  });

  test("its OPTIONS is answered, whatever the path", async () => {
    await using server = await serve();
    const reply = await fetch(`${server.url}/any`, {
      method: "OPTIONS",
      headers: { origin: "http://localhost" },
    });
    expect(reply.status).toBe(204);
    expect(reply.headers.get("access-control-max-age")).toBe("43200");
  });

  test("a foreign one is refused with a line of explanation", async () => {
    await using server = await serve();
    for (const method of ["GET", "POST", "OPTIONS"]) {
      const reply = await fetch(`${server.url}/api/tags`, { method, headers: { origin: "http://evil.com" } });
      expect(reply.status).toBe(403);
      expect(reply.headers.get("access-control-allow-origin")).toBeNull();
      expect(await reply.text()).toContain("OLLAMA_ORIGINS");
    }
  });

  test("OLLAMA_ORIGINS adds to them", async () => {
    await using server = await serve({ OLLAMA_ORIGINS: "https://ui.example" });
    const reply = await fetch(`${server.url}/api/tags`, { headers: { origin: "https://ui.example" } });
    expect(reply.status).toBe(200);
  });
});

describe("the Host header", () => {
  const get = (host: string) => ["GET / HTTP/1.1", `Host: ${host}`];
  const options = (host: string) => ["OPTIONS /api/tags HTTP/1.1", `Host: ${host}`];

  test.each([
    [get("localhost"), "HTTP/1.1 200"],
    [get("foo.local"), "HTTP/1.1 200"],
    [get("10.0.0.1"), "HTTP/1.1 200"],
    [get("evil.com"), "HTTP/1.1 403"],
    [get("8.8.8.8"), "HTTP/1.1 403"],
    [options("foo.local"), "HTTP/1.1 204"],
    [options("127.0.0.1"), "HTTP/1.1 405"],
  ])("%j: %s", async (lines, status) => {
    await using server = await serve();
    expect(await raw(server.url, lines)).toStartWith(status);
  });

  test.each(["nas", "ai", "a", "nas:80", "localhost"])("%s reaches every route", async (host) => {
    await using server = await serve({ OLLAMA_HOST: "0.0.0.0" });
    for (const path of ["/", "/api/version", "/api/tags", "/v1/models"])
      expect(await raw(server.url, [`GET ${path} HTTP/1.1`, `Host: ${host}`])).toStartWith("HTTP/1.1 200");
  });

  test.each(["127.0.0.1", "0.0.0.0"])("that is none is refused, on %s", async (OLLAMA_HOST) => {
    await using server = await serve({ OLLAMA_HOST });
    for (const host of ["::1", "[x", "%", "a b"]) {
      const reply = await raw(server.url, get(host));
      expect(reply).toStartWith("HTTP/1.1 400");
      expect(reply.length).toBeLessThan(500);
    }
  });

  test("OPTIONS by name says what is allowed", async () => {
    await using server = await serve();
    expect((await raw(server.url, options("localhost"))).toLowerCase()).toContain("allow: get, head");
  });

  test("a page that made its own name resolve to this machine is refused", async () => {
    await using server = await serve();
    const reply = await raw(server.url, [...get("evil.com"), "Origin: http://evil.com"]);
    expect(reply).toStartWith("HTTP/1.1 403");
  });

  test("may be any address when the server is bound to the world, but no name that a site may have", async () => {
    await using server = await serve({ OLLAMA_HOST: "0.0.0.0" });
    expect(await raw(server.url, get("8.8.8.8"))).toStartWith("HTTP/1.1 200");
    expect(await raw(server.url, get("evil.com"))).toStartWith("HTTP/1.1 403");
  });
});

test("HEAD has headers and no body", async () => {
  await using server = await serve();
  const reply = await raw(server.url, ["HEAD /api/version HTTP/1.1", "Host: localhost"]);
  expect(reply).toStartWith("HTTP/1.1 200");
  expect(reply.split("\r\n\r\n")[1]).toBe("");
});

test("a stream is chunked and arrives", async () => {
  await using server = await serve();
  const reply = await chat(server.url);
  expect(reply.headers.get("transfer-encoding")).toBe("chunked");
  expect((await reply.text()).trim().split("\n")).toHaveLength(2);
});

test("every request leaves one line, a refused one too", async () => {
  await using server = await serve();
  await (await chat(server.url)).text();
  await fetch(`${server.url}/nope`);
  await fetch(`${server.url}/`, { headers: { origin: "http://evil.com" } });
  const lines = server.log.filter((line) => line.includes("msg=request"));
  expect(
    lines.map((line) => line.match(/status=(\d+).* client=(\S+) method=(\S+) path=(\S+)/)?.slice(1)),
  ).toEqual([
    ["200", "127.0.0.1", "POST", "/api/chat"],
    ["404", "127.0.0.1", "GET", "/nope"],
    ["403", "127.0.0.1", "GET", "/"],
  ]);
});

describe("a client that leaves", () => {
  const leave = async (server: Served, body: object = {}) => {
    const abort = new AbortController();
    const messages = [{ role: "user", content: "hi" }];
    const init = { signal: abort.signal, body: JSON.stringify({ model: "test", messages, ...body }) };
    return { abort, reply: chat(server.url, init) };
  };

  test("while the model loads", async () => {
    await using server = await serve();
    server.engine.acquireHangs = true;
    const { abort, reply } = await leave(server);
    await server.engine.acquiring.promise;
    abort.abort();
    await expect(reply).rejects.toThrow();
    await server.engine.cancellation.promise;
  });

  test.each([true, false])("while the prompt is evaluated (stream: %p)", async (stream) => {
    await using server = await serve();
    server.engine.replies = [{ hangs: true }];
    const { abort, reply } = await leave(server, { stream });
    await server.engine.generating.promise;
    abort.abort();
    await expect(reply).rejects.toThrow();
    await server.engine.cancellation.promise;
  });

  test("while it is being answered", async () => {
    await using server = await serve();
    server.engine.replies = [{ texts: ["a"], hangs: true }];
    const { abort, reply } = await leave(server);
    const reader = (await reply).body!.getReader();
    await reader.read();
    abort.abort();
    await server.engine.cancellation.promise;
    await expect(reader.read()).rejects.toThrow();
  });
});

test("a slow client holds the engine back", async () => {
  await using server = await serve();
  const total = 4000;
  server.engine.replies = [{ texts: Array.from({ length: total }, () => "x".repeat(16_384)) }];
  const reply = await chat(server.url);
  const reader = reply.body!.getReader();
  await reader.read();
  // While other requests are served nothing moves any more: what sockets and streams hold is a small part of 64 MB.
  let seen = -1;
  while (seen !== server.engine.textsGiven) {
    seen = server.engine.textsGiven;
    for (let round = 0; round < 50; round++) await (await fetch(`${server.url}/api/version`)).text();
  }
  expect(seen).toBeLessThan(total / 2);
  await reader.cancel();
  await server.engine.cancellation.promise;
});

describe("listening", () => {
  test("a port in use", async () => {
    await using server = await serve();
    const { port } = new URL(server.url);
    await expect(listen(fakeApp().app, listenConfig({ host: { port: Number(port) } }))).rejects.toThrow(
      `listen tcp 127.0.0.1:${port}: bind: address already in use`,
    );
  });

  test("a unix socket, also where a killed server left one", async () => {
    const directory = mkdtempSync(join(tmpdir(), "llamero-"));
    const unix = join(directory, "llamero.sock");
    try {
      for (let round = 0; round < 2; round++) {
        await using listening = await listen(
          fakeApp().app,
          listenConfig({ host: { unix }, socketMode: 0o660 }),
        );
        expect(statSync(unix).mode & 0o777).toBe(0o660);
        expect(listening.url).toBe(`unix://${unix}`);
        expect(await (await fetch("http://localhost/", { unix })).text()).toBe("Ollama is running");
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test("after it is disposed nobody answers", async () => {
    const server = await serve();
    await server[Symbol.asyncDispose]();
    await expect(fetch(`${server.url}/`)).rejects.toThrow();
  });
});
