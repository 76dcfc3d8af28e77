import { describe, expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";

const { send } = fakeApp();

describe("liveness and version", () => {
  test("GET /", async () => {
    const reply = await send("GET", "/");
    expect([reply.status, reply.headers.get("content-type"), await reply.text()]).toEqual([
      200,
      "text/plain; charset=utf-8",
      "Ollama is running",
    ]);
  });

  test("GET /api/version", async () => {
    const reply = await send("GET", "/api/version");
    expect([reply.status, reply.headers.get("content-type"), await reply.text()]).toEqual([
      200,
      "application/json; charset=utf-8",
      '{"version":"0.40.12","llamero_version":"1.2.3"}',
    ]);
  });

  test.each(["/", "/api/version", "/api/tags"])("HEAD %s", async (path) => {
    expect((await send("HEAD", path)).status).toBe(200);
  });
});

describe("what matches no route", () => {
  test.each([
    ["GET", "/nope", 404, "404 page not found"],
    ["GET", "/api", 404, "404 page not found"],
    ["POST", "/api/tags/extra", 404, "404 page not found"],
    ["GET", "/api/show", 405, "405 method not allowed"],
    ["GET", "/api/chat", 405, "405 method not allowed"],
    ["POST", "/api/tags", 405, "405 method not allowed"],
    ["PUT", "/", 405, "405 method not allowed"],
    ["HEAD", "/api/chat", 405, "405 method not allowed"],
    ["GET", "/api/blobs/sha256:abc", 405, "405 method not allowed"],
    ["POST", "/api/delete", 405, "405 method not allowed"],
  ])("%s %s: %i %s", async (method, path, status, body) => {
    const reply = await send(method, path);
    expect([reply.status, await reply.text(), reply.headers.get("content-type")]).toEqual([
      status,
      body,
      "text/plain; charset=utf-8",
    ]);
  });

  test("405 says what is allowed", async () => {
    expect((await send("PUT", "/api/tags")).headers.get("allow")).toBe("GET, HEAD");
  });

  test.each([
    ["GET", "/api/tags/", 301, "/api/tags"],
    ["GET", "/api/tags/?a=1", 301, "/api/tags?a=1"],
    ["POST", "/api/chat/", 307, "/api/chat"],
    ["DELETE", "/api/delete/", 307, "/api/delete"],
  ])("%s %s: %i to %s", async (method, path, status, location) => {
    const reply = await send(method, path);
    expect([reply.status, reply.headers.get("location")]).toEqual([status, location]);
  });
});
