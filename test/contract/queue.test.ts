import { expect, test } from "bun:test";
import { HEARTBEAT_MS } from "../../src/api/wire/stream-reply.ts";
import { AppError } from "../../src/lib/errors.ts";
import { fakeApp } from "../support/fake-app.ts";
import { stateOf } from "../support/promise-state.ts";

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

test("a stream that waits gives signs of life, which readers of JSON lines do not see", async () => {
  const app = fakeApp();
  app.engine.acquireHangs = true;
  const asked = app.send("POST", "/api/generate", { model: "test", prompt: "hi" });
  await app.engine.acquiring.promise;
  app.clock.advance(HEARTBEAT_MS);
  const reply = await asked;
  expect(reply.headers.get("content-type")).toBe("application/x-ndjson");
  const reader = reply.body!.getReader();
  const first = reader.read();
  expect(await stateOf(first)).toBe("pending");
  app.clock.advance(HEARTBEAT_MS);
  expect(new TextDecoder().decode((await first).value)).toBe(" ");
  await reader.cancel();
  await app.engine.cancellation.promise;
});

test.each([
  ["/api/chat", { messages: [{ role: "user", content: "hi" }] }],
  ["/api/generate", { prompt: "hi" }],
  ["/v1/chat/completions", { messages: [{ role: "user", content: "hi" }] }],
  ["/v1/messages", { messages: [{ role: "user", content: "hi" }], max_tokens: 4 }],
])(
  "X-Llamero-Priority: batch lets others go first, in the queue and in each step (%s)",
  async (path, body) => {
    const app = fakeApp();
    const ask = async (priority: string): Promise<void> => {
      const reply = await app.send(
        "POST",
        path,
        { model: "test", ...body },
        { "x-llamero-priority": priority },
      );
      expect(reply.status).toBe(200);
      await reply.text();
    };
    for (const priority of ["Batch", "interactive", "urgent"]) await ask(priority);
    expect(app.engine.acquired.map(({ options }) => options.batch ?? false)).toEqual([true, false, false]);
    expect(app.engine.tasks.map(({ batch = false }) => batch)).toEqual([true, false, false]);
  },
);
