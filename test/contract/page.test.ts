import { expect, test } from "bun:test";
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

test("the page's first load is small, and its files can be kept for ever", async () => {
  const { send } = fakeApp();
  const html = await (await send("GET", "/", undefined, BROWSER)).text();
  const files = [...html.matchAll(/"(\/page\/[^"]+)"/g)].map(([, path = ""]) => path);
  expect(files).toHaveLength(2);
  let bytes = html.length;
  for (const path of files) {
    const file = await send("GET", path);
    expect(file.status).toBe(200);
    expect(file.headers.get("cache-control")).toContain("immutable");
    bytes += (await file.arrayBuffer()).byteLength;
  }
  expect(bytes).toBeLessThan(150_000);
  expect((await send("GET", "/page/other.js")).status).toBe(404);
});
