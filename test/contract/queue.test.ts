import { expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";

test("GET /api/queue tells who waits for what, and names no other caller", async () => {
  const app = fakeApp();
  app.engine.waiting = [
    { model: "a:latest", caller: "203.0.113.9", batch: false, waitingMs: 1200, waitsFor: "slot" },
    { model: "b:latest", caller: "203.0.113.9", batch: true, waitingMs: 5, waitsFor: "room" },
  ];
  const reply = await app.send("GET", "/api/queue");
  expect(reply.status).toBe(200);
  expect<unknown>(await reply.json()).toEqual({
    queued: [
      { position: 1, model: "a:latest", waits_for: "slot", waiting_ms: 1200, batch: false, yours: false },
      { position: 2, model: "b:latest", waits_for: "room", waiting_ms: 5, batch: true, yours: false },
    ],
  });
});

test("nobody waits", async () => {
  expect(await (await fakeApp().send("GET", "/api/queue")).json()).toEqual({ queued: [] });
});

test("a full queue says when to come back, in every dialect", async () => {
  const { AppError } = await import("../../src/lib/errors.ts");
  const app = fakeApp();
  app.engine.acquireError = new AppError("busy", "server busy", { retryAfter: 7 });
  for (const path of ["/api/chat", "/v1/chat/completions"]) {
    const reply = await app.send("POST", path, {
      model: "test",
      messages: [{ role: "user", content: "hi" }],
    });
    expect(reply.status).toBe(503);
    expect(reply.headers.get("retry-after")).toBe("7");
  }
});
