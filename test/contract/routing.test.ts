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

const INVALID = "the URL has an invalid percent-encoding";

describe("percent signs that encode no character", () => {
  test.each([
    ["GET", "/v1/models/%zz", { error: { message: INVALID } }],
    ["GET", "/v1/responses/%zz%ff", { error: { message: INVALID } }],
    ["GET", "/v1/responses/resp_1/input_items?limit=%z", { error: { message: INVALID } }],
    ["POST", "/v1/messages/%e2%82", { type: "error", error: { message: INVALID } }],
    ["HEAD", "/api/blobs/%c3", undefined],
    ["POST", "/api/blobs/sha256:%c3%28", { error: INVALID }],
    ["GET", "/nope%", { error: INVALID }],
  ])("%s %s", async (method, path, body) => {
    const reply = await send(method, path);
    expect(reply.status).toBe(400);
    if (body !== undefined) expect(await reply.json()).toMatchObject(body);
  });

  test("others are characters like any other", async () => {
    const reply = await send("GET", "/v1/models/test%3Alatest");
    expect([reply.status, ((await reply.json()) as { id: string }).id]).toEqual([200, "test:latest"]);
  });
});

describe("what matches no route", () => {
  test.each([
    ["GET", "/nope", 404, "404 page not found"],
    ["PUT", "/", 405, "405 method not allowed"],
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
    ["GET", "/api/tags/"],
    ["GET", "//api/tags"],
    ["GET", "/api//tags?a=1"],
    ["GET", "/v1/models//"],
    ["POST", "//api/show/"],
  ])("slashes too many: %s %s reaches its route", async (method, path) => {
    const body = method === "POST" ? { model: "test" } : undefined;
    expect((await send(method, path, body)).status).toBe(200);
  });

  test("slashes too many do not lead around the guard", async () => {
    const reply = await send("GET", "//api/tags", undefined, { host: "evil.com" });
    expect(reply.status).toBe(403);
  });

  test.each([
    ["POST", "/chat/completions", "/v1/chat/completions"],
    ["GET", "/models", "/v1/models"],
    ["POST", "/messages", "/v1/messages"],
    ["POST", "/v1/v1/messages", "/v1/messages"],
    ["POST", "/v1/api/chat", "/api/chat"],
    ["GET", "/api/api/tags", "/api/tags"],
    ["POST", "/api/v1/chat/completions", "/v1/chat/completions"],
  ])("a mistaken base URL: %s %s is told of %s", async (method, path, meant) => {
    const reply = await send(method, path, method === "POST" ? {} : undefined);
    expect(reply.status).toBe(404);
    expect(JSON.stringify(await reply.json())).toContain(
      `; is ${meant} meant? Look at the client's base URL`,
    );
  });

  test.each([
    ["GET", "/api", 404, "404 page not found"],
    ["POST", "/api/tags/extra", 404, "404 page not found"],
    ["GET", "/api/show", 405, "405 method not allowed"],
    ["POST", "/api/tags", 405, "405 method not allowed"],
    ["GET", "/api/blobs/sha256:abc", 405, "405 method not allowed"],
  ])("below /api it is JSON: %s %s: %i", async (method, path, status, error) => {
    const { send, log } = fakeApp();
    const reply = await send(method, path);
    expect([reply.status, await reply.json()]).toEqual([status, { error }]);
    expect(log.at(-1)).toEndWith(` error=${JSON.stringify(error)}`);
  });
});
