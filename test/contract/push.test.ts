import { describe, expect, test } from "bun:test";
import { AppError, notFound } from "../../src/lib/errors.ts";
import { fakeApp, linesOf } from "../support/fake-app.ts";

const digest = `sha256:${"a".repeat(64)}`;
const name = { host: "registry.ollama.ai", namespace: "me", model: "m", tag: "latest" };

describe("POST /api/push", () => {
  test("streams what the push says", async () => {
    const { pusher, send } = fakeApp();
    pusher.progress = [
      { status: "retrieving manifest" },
      { status: "pushing aaaaaaaaaaaa", digest, total: 9 },
      { status: "pushing aaaaaaaaaaaa", digest, total: 9, completed: 9 },
      { status: "pushing manifest" },
    ];
    const reply = await send("POST", "/api/push", { model: "me/m" });
    expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "application/x-ndjson"]);
    expect(await linesOf(reply)).toEqual([...pusher.progress, { status: "success" }]);
    expect(pusher.pushed).toEqual([{ name, insecure: false }]);
  });

  test("without stream: the last line alone, as JSON", async () => {
    const { send } = fakeApp();
    const reply = await send("POST", "/api/push", { name: "me/m", stream: false });
    expect([reply.headers.get("content-type"), await reply.text()]).toEqual([
      "application/json",
      '{"status":"success"}',
    ]);
  });

  test("insecure, and a password for the registry", async () => {
    const { pusher, send } = fakeApp();
    await send("POST", "/api/push", { model: "me/m", insecure: true, username: "me", password: "secret" });
    const credentials = { username: "me", password: "secret" };
    expect(pusher.pushed).toEqual([{ name, insecure: true, credentials }]);
  });

  test.each([
    [notFound("model 'me/m:latest' not found"), 404],
    [new AppError("forbidden", "unauthorized: access denied", { status: 401 }), 401],
    [new AppError("upstream", "push blob: 400: no"), 502],
  ])(
    "a failure is the last line of a stream, and has its status without one: %s",
    async (failure, status) => {
      const { pusher, send } = fakeApp();
      pusher.onPush = () => {
        throw failure;
      };
      const error = { error: failure.message };
      const streamed = await send("POST", "/api/push", { model: "me/m" });
      expect([streamed.status, await linesOf(streamed)]).toEqual([
        200,
        [{ status: "retrieving manifest" }, error],
      ]);
      const single = await send("POST", "/api/push", { model: "me/m", stream: false });
      expect([single.status, await single.json()]).toEqual([status, error]);
    },
  );

  test.each([
    [{}, 400, "model is required"],
    [{ model: " " }, 400, "model is required"],
    [{ model: "a b" }, 400, "invalid model name"],
    [
      { model: "m:cloud" },
      403,
      'ollama cloud is disabled: remote model is unavailable ("m:cloud" is a cloud model: it runs on ollama.com only)',
    ],
  ])("%j is refused", async (body, status, error) => {
    const { pusher, send } = fakeApp();
    const reply = await send("POST", "/api/push", body);
    expect([reply.status, await reply.json()]).toEqual([status, { error }]);
    expect(pusher.pushed).toEqual([]);
  });

  test("a field that is unknown is told of", async () => {
    const { send } = fakeApp();
    const reply = await send("POST", "/api/push", { model: "me/m", stream: false, force: true });
    expect(reply.headers.get("warning")).toContain("force");
  });
});
