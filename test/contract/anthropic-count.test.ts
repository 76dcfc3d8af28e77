import { expect, test } from "bun:test";
import { assistant, caller, tool, user } from "../support/anthropic.ts";
import { fakeApp } from "../support/fake-app.ts";

const count = async (body: object, app = caller()) => {
  const reply = await app.send("POST", "/v1/messages/count_tokens", {
    model: "test",
    messages: [user("hi")],
    ...body,
  });
  return [reply.status, await reply.json(), reply.headers.get("warning")];
};

test("is the length of the prompt, tools and system prompt included", async () => {
  const app = caller();
  expect(await count({}, app)).toEqual([200, { input_tokens: "<user>hi".length }, null]);
  const body = { system: "Be brief.", tools: [tool("now")] };
  expect(await count(body, app)).toEqual([
    200,
    { input_tokens: "(now)<system>Be brief.<user>hi".length },
    null,
  ]);
  expect(app.engine.tasks).toEqual([]);
  expect(app.engine.openLeases).toBe(0);
});

test("also of a prompt that does not fit the context", async () => {
  const app = caller();
  app.engine.info = { ...app.engine.info, contextLength: 8 };
  const messages = [user("a".repeat(100)), assistant("b"), user("c")];
  expect((await count({ messages }, app))[1]).toEqual({
    input_tokens: `<user>${"a".repeat(100)}<assistant>b<user>c`.length,
  });
});

test("refuses what an answer would be refused for", async () => {
  expect((await count({ messages: [] }))[0]).toBe(400);
  expect((await count({ tools: [tool("now")] }, fakeApp()))[0]).toBe(400);
  expect((await count({ max_tokens: 5 }))[2]).toBe('199 - "max_tokens ignored: unknown field"');
});
