import { expect, test } from "bun:test";
import { listen } from "../../src/http/listen.ts";
import { fakeApp } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";
import { listenConfig } from "../support/listen-config.ts";

const messages = [{ role: "user", content: "hi" }];

/** A request of every kind of work, by its path. */
const REQUESTS: [string, object][] = [
  ["/api/generate", { model: "test", prompt: "hi", stream: false }],
  ["/api/chat", { model: "test", messages, stream: false }],
  ["/api/embed", { model: "test", input: "hi" }],
  ["/api/embeddings", { model: "test", prompt: "hi" }],
  ["/api/tokenize", { model: "test", text: "hi" }],
  ["/api/detokenize", { model: "test", tokens: [104] }],
  ["/api/rerank", { model: "ranks", query: "a", documents: ["b"] }],
  ["/v1/chat/completions", { model: "test", messages }],
  ["/v1/chat/completions", { model: "test", messages, n: 2 }],
  ["/v1/completions", { model: "test", prompt: "hi" }],
  ["/v1/embeddings", { model: "test", input: "hi" }],
  ["/v1/responses", { model: "test", input: "hi" }],
  ["/v1/responses/input_tokens", { model: "test", input: "hi" }],
  ["/v1/messages", { model: "test", messages, max_tokens: 8 }],
  ["/v1/messages/count_tokens", { model: "test", messages }],
];

test.each(REQUESTS)("who asks for %s is known to the engine and to the log", async (path, body) => {
  const app = fakeApp([
    fakeModel("test"),
    fakeModel("ranks", { embeddingOnly: true, ranks: true, capabilities: ["rerank"] }),
  ]);
  await using server = await listen(app.app, listenConfig());
  const reply = await fetch(`${server.url}${path}`, { method: "POST", body: JSON.stringify(body) });
  await reply.text();
  const asked = app.engine.acquired.map(({ options }) => options.caller);
  expect(asked.length).toBeGreaterThan(0);
  expect(new Set(asked)).toEqual(new Set(["127.0.0.1"]));
  expect(app.log.filter((line) => line.includes("msg=request")).join()).toContain("client=127.0.0.1");
});
