/** Limits of API keys, as clients of each dialect hear of them. */
import { expect, test } from "bun:test";
import type { KeyLimits } from "../../src/access/known-key.ts";
import { createKey } from "../../src/access/manage-keys.ts";
import { fakeApp, NOW } from "../support/fake-app.ts";

const messages = [{ role: "user", content: "hi" }];

const REQUESTS: [string, object, RegExp][] = [
  ["/api/chat", { model: "test", messages, stream: false }, /^\{"error":"the API key/],
  ["/v1/chat/completions", { model: "test", messages }, /"code":"rate_limit_exceeded"/],
  ["/v1/messages", { model: "test", messages, max_tokens: 8 }, /"type":"rate_limit_error"/],
];

function limited(limits: KeyLimits) {
  const app = fakeApp();
  const { text } = createKey(app.keys.books, { name: "ada", limits }, NOW);
  const ask = (path: string, body: object) => app.send("POST", path, body, { "x-api-key": text });
  return { ...app, ask, headers: { "x-api-key": text } };
}

test.each(REQUESTS)("%s: tokens that are used up", async (path, body, shape) => {
  const { ask, send, headers } = limited({ tokensPerDay: 1 });
  expect([(await ask(path, body)).status]).toEqual([200]);
  const refused = await ask(path, body);
  expect([refused.status, Number(refused.headers.get("retry-after")) > 0]).toEqual([429, true]);
  expect(await refused.text()).toMatch(shape);
  // What puts no model to work goes on.
  expect((await send("GET", "/api/tags", undefined, headers)).status).toBe(200);
});

test.each([
  ["/api/embed", { model: "test", input: "some text" }],
  ["/api/embeddings", { model: "test", prompt: "some text" }],
  ["/v1/embeddings", { model: "test", input: "some text" }],
])("%s: texts that are embedded take tokens too", async (path, body) => {
  const { ask } = limited({ tokensPerDay: 1 });
  expect((await ask(path, body)).status).toBe(200);
  expect((await ask(path, body)).status).toBe(429);
});

test("a stream has its place until it has ended or is left", async () => {
  const { ask } = limited({ concurrency: 1 });
  const stream = await ask("/api/chat", { model: "test", messages });
  expect((await ask("/api/chat", { model: "test", messages })).status).toBe(429);
  await stream.text();
  expect((await ask("/api/chat", { model: "test", messages })).status).toBe(200);
});

test("a request that fails gives its place back", async () => {
  const { ask } = limited({ concurrency: 1 });
  for (const _try of [1, 2, 3])
    expect((await ask("/api/chat", { model: "nobody", messages })).status).toBe(404);
});
