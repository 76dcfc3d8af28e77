/** What is kept to answer one caller faster is not kept for another. (What is evaluated of prompts: test/full/cache-privacy.test.ts.) */
import { expect, test } from "bun:test";
import { createKey } from "../../src/access/manage-keys.ts";
import { fakeApp, NOW } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]).toString("base64");

/** An application with two callers. */
function apart() {
  const app = fakeApp([
    fakeModel("test", { capabilities: ["completion", "vision"], template: "{{ .Prompt }}" }),
  ]);
  app.engine.weigh = () => -1;
  const keys = ["ada", "bob"].map((name) => createKey(app.keys.books, { name }, NOW).text);
  const ask = async (who: 0 | 1, path: string, body: object) => {
    const reply = await app.send("POST", path, { model: "test", ...body }, { "x-api-key": keys[who]! });
    expect(reply.status).toBe(200);
    await reply.text();
  };
  return { app, ask };
}

test("prompts of each are named by a salt of his own", async () => {
  const { app, ask } = apart();
  for (const who of [0, 1, 0] as const) await ask(who, "/api/generate", { prompt: "hi", stream: false });
  const [ada, bob, again] = app.engine.tasks.map(({ salt }) => salt);
  expect(ada).not.toBe(bob!);
  expect(again).toBe(ada!);
  expect(ada).not.toContain("ada");
});

test("a question that another has asked is weighed again", async () => {
  const { app, ask } = apart();
  const questions = { q: { type: "noul", instructions: "Is it so?" } };
  const decide = (who: 0 | 1) => ask(who, "/v1/systemone", { state: "Yes", questions });
  await decide(0);
  // The baseline and the question.
  expect(app.engine.decided).toHaveLength(2);
  await decide(1);
  expect(app.engine.decided).toHaveLength(4);
  await decide(0);
  await decide(1);
  expect(app.engine.decided).toHaveLength(6);
});

test("a picture that another has sent is another picture to the engine", async () => {
  const { app, ask } = apart();
  for (const who of [0, 1, 0] as const)
    await ask(who, "/api/generate", { prompt: "what?", images: [PNG], stream: false });
  const [ada, bob, again] = app.engine.pictures.map(({ hash }) => hash);
  expect(ada).not.toBe(bob!);
  expect(again).toBe(ada!);
});
