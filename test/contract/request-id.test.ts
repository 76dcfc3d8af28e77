import { expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";

const chat = { model: "test", messages: [{ role: "user", content: "hi" }] };

test("a request has one name: in its reply, in the log, and for the engine", async () => {
  const app = fakeApp();
  const reply = await app.send("POST", "/api/chat", chat, { "x-request-id": "proxy-42" });
  await reply.text();
  await Bun.sleep(0);
  expect(reply.headers.get("x-request-id")).toBe("proxy-42");
  expect(app.log.find((line) => line.includes("msg=request"))).toContain("id=proxy-42");
  expect(app.engine.tasks[0]?.requestId).toBe("proxy-42");
});

test.each([
  ["/api/embed", { model: "test", input: "hi" }],
  ["/v1/embeddings", { model: "test", input: "hi" }],
])("what is embedded has it too (%s)", async (path, body) => {
  const app = fakeApp();
  await app.send("POST", path, body, { "x-request-id": "proxy-42" });
  expect(app.engine.acquired[0]?.options.requestId).toBe("proxy-42");
});

test("one is made where there is none, or none that may go into a log", async () => {
  const app = fakeApp();
  const ids = [
    (await app.send("GET", "/api/version")).headers.get("x-request-id"),
    (await app.send("GET", "/api/nothing", undefined, { "x-request-id": 'a" status=200' })).headers.get(
      "x-request-id",
    ),
    (await app.send("GET", "/v1/models", undefined, { "x-request-id": "a".repeat(129) })).headers.get(
      "x-request-id",
    ),
  ];
  for (const id of ids) expect(id).toMatch(/^[a-z0-9]{20}$/);
  expect(new Set(ids).size).toBe(3);
});

test("the reason of a refusal is in the log, whoever refused", async () => {
  const app = fakeApp();
  await app.send("POST", "/api/chat", { ...chat, model: "absent" });
  await app.send("GET", "/api/version", undefined, { origin: "http://evil.example" });
  await Bun.sleep(0);
  const lines = app.log.filter((line) => line.includes("msg=request"));
  expect(lines[0]).toContain(`status=404`);
  expect(lines[0]).toContain(`error="model 'absent' not found"`);
  expect(lines[1]).toContain("status=403");
  expect(lines[1]).toContain("add it to OLLAMA_ORIGINS");
});

test("what people write is in no line but those of the trace level", async () => {
  const app = fakeApp();
  const secret = { ...chat, messages: [{ role: "user", content: "xyzzy-secret" }] };
  await (await app.send("POST", "/api/chat", secret)).text();
  await Bun.sleep(0);
  expect(app.log.filter((line) => line.includes("xyzzy"))).toEqual([]);
});
