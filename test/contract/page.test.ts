import { describe, expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";

const BROWSER = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

test("clients hear that the server lives, browsers get the page", async () => {
  const { send } = fakeApp();
  const plain = await send("GET", "/");
  expect([plain.status, await plain.text()]).toEqual([200, "Ollama is running"]);
  const anything = await send("GET", "/", undefined, { accept: "*/*" });
  expect(await anything.text()).toBe("Ollama is running");
  const page = await send("GET", "/", undefined, BROWSER);
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const policy = page.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
});

describe("who gets the page at /", () => {
  test.each([
    // Chromium, Firefox, Safari, and a reader that asks for nothing else.
    ["text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", true],
    ["text/html,application/xhtml+xml,*/*;q=0.8", true],
    ["TEXT/HTML", true],
    ["text/html;q=0.5, */*;q=0.1", true],
    ["text/html; charset=utf-8; q=0.9, text/plain;q=0.5", true],
    // curl and most clients, and such as name HTML without preferring it.
    [undefined, false],
    ["", false],
    ["*/*", false],
    ["application/json", false],
    ["application/json, text/plain, */*", false],
    ["text/html;q=0, */*", false],
    ["text/html; q=0.000", false],
    ["text/html;q=0.2, text/plain", false],
    ["text/plain, text/html", false],
    ["text/*", false],
    ["text/htmlx", false],
    ["application/x+text/html", false],
    ["text/html;q=nonsense, */*", false],
  ])("Accept: %s", async (accept, isPage) => {
    const { send } = fakeApp();
    const headers = accept === undefined ? {} : { accept };
    const reply = await send("GET", "/", undefined, headers);
    expect(reply.status).toBe(200);
    expect(reply.headers.get("vary")).toBe("Accept");
    const text = await reply.text();
    if (isPage) expect(text).toStartWith("<!doctype html>");
    else expect(text).toBe("Ollama is running");
    const head = await send("HEAD", "/", undefined, headers);
    // Bun takes the body away, and tells its length.
    expect(head.status).toBe(200);
    expect(head.headers.get("content-type")).toBe(reply.headers.get("content-type"));
  });

  test("other methods do not", async () => {
    expect((await fakeApp().send("POST", "/", {}, BROWSER)).status).toBe(405);
  });
});

test("a browser that looks for an icon finds the page's, and needs no key", async () => {
  const { send } = fakeApp([], { OLLAMA_REQUIRE_KEYS: "1" });
  const icon = await send("GET", "/favicon.ico");
  expect([icon.status, icon.headers.get("content-type")]).toEqual([200, "image/svg+xml"]);
  expect(icon.headers.get("cache-control")).toMatch(/max-age=[1-9]/);
  expect(await icon.text()).toStartWith("<svg");
  expect(await (await send("GET", "/", undefined, BROWSER)).text()).toContain(
    '<link rel="icon" href="/favicon.ico"',
  );
});

test("who does not take gzip gets a file as it is", async () => {
  const { send } = fakeApp();
  const html = await (await send("GET", "/", undefined, BROWSER)).text();
  const script = /"(\/page\/[^"]+\.js)"/.exec(html)?.[1] ?? "";
  const packed = await send("GET", script, undefined, { "accept-encoding": "gzip, deflate, br" });
  const plain = await send("GET", script, undefined, { "accept-encoding": "identity" });
  expect(packed.headers.get("content-encoding")).toBe("gzip");
  expect(plain.headers.has("content-encoding")).toBe(false);
  expect(plain.headers.get("vary")).toBe("Accept-Encoding");
  expect(new TextDecoder().decode(Bun.gunzipSync(await packed.arrayBuffer()))).toBe(await plain.text());
});

test("the page's first load is small, and its files can be kept for ever", async () => {
  const { send } = fakeApp();
  const html = await (await send("GET", "/", undefined, BROWSER)).text();
  const files = [...html.matchAll(/"(\/page\/[^"]+)"/g)].map(([, path = ""]) => path);
  expect(files).toHaveLength(2);
  let bytes = html.length;
  for (const path of files) {
    const file = await send("GET", path, undefined, { "accept-encoding": "gzip" });
    expect(file.status).toBe(200);
    expect(file.headers.get("cache-control")).toContain("immutable");
    bytes += (await file.arrayBuffer()).byteLength;
  }
  expect(bytes).toBeLessThan(150_000);
  expect((await send("GET", "/page/other.js")).status).toBe(404);
});
