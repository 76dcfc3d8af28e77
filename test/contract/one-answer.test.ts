/** A request for one answer does not pay for what several answers need: merging their events, a race of promises for each token. */
import { expect, spyOn, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";

const messages = [{ role: "user", content: "hi" }];

const ROUTES: [string, object][] = [
  ["/api/chat", { messages, stream: false }],
  ["/v1/chat/completions", { messages }],
  ["/v1/completions", { prompt: "hi" }],
  ["/v1/responses", { input: "hi", store: false }],
  ["/v1/messages", { messages, max_tokens: 500 }],
];

/** Races that a request comes to whose answers have so many tokens each. */
async function racesOf(path: string, body: object, tokens: number): Promise<number> {
  const { send, engine } = fakeApp();
  const texts = Array.from({ length: tokens }, () => "a");
  engine.replies = [{ texts }, { texts }];
  const race = spyOn(Promise, "race");
  try {
    const reply = await send("POST", path, { model: "test", ...body });
    expect([reply.status, (await reply.text()).length > tokens]).toEqual([200, true]);
    return race.mock.calls.length;
  } finally {
    race.mockRestore();
  }
}

test.each(ROUTES)("%s: no race for a token of the only answer", async (path, body) => {
  expect(await racesOf(path, body, 200)).toBe(await racesOf(path, body, 20));
});

test("two answers are merged, a race for each token", async () => {
  const body = { messages, n: 2 };
  const [few, many] = [
    await racesOf("/v1/chat/completions", body, 20),
    await racesOf("/v1/chat/completions", body, 200),
  ];
  expect(many - few).toBeGreaterThanOrEqual(2 * 180);
});
