import { expect, test } from "bun:test";
import { startAnswer } from "../../../../src/inference/answer.ts";
import type { GenerateIntent, Usage } from "../../../../src/intent/generate.ts";
import { silentLogger } from "../../../../src/lib/logger.ts";
import { FakeCatalog, fakeModel } from "../../../support/fake-catalog.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { FakeEngine } from "../../../support/fake-engine.ts";
import { inlineJobs } from "../../../support/inline-jobs.ts";

const signal = new AbortController().signal;

function server() {
  const engine = new FakeEngine();
  const catalog = new FakeCatalog(fakeModel("test"));
  const pictures = { most: 0, mostBytes: 0, mostPixels: 0 };
  const deps = {
    engine,
    catalog,
    pictures,
    stablePrompts: true,
    jobs: inlineJobs(),
    clock: new FakeClock(),
    logger: silentLogger,
  };
  /** The counts of an answer to one message. */
  const ask = async (content: string, caller: string): Promise<Usage> => {
    const intent: GenerateIntent = {
      model: "test",
      input: { type: "chat", messages: [{ role: "user", content }], tools: [] },
      options: {},
      truncate: true,
      debugRenderOnly: false,
      diagnosis: { wanted: true },
    };
    await using answer = await startAnswer(intent, deps, { signal, caller });
    for await (const event of answer.events) if (event.type === "done") return event.usage;
    throw new Error("no end");
  };
  return { engine, ask };
}

test("each caller has a cache of its own, and the machine itself one for all its programs", async () => {
  const { engine, ask } = server();
  for (const caller of ["10.0.0.1", "10.0.0.2", "127.0.0.1", "::1", ""]) await ask("Hello", caller);
  const salts = engine.tasks.map(({ salt }) => salt);
  expect(new Set(salts).size).toBe(3);
  expect(salts.slice(2)).toEqual(["", "", ""]);
});

test("over a thousand tries nobody is told whether another caller has sent the same", async () => {
  const { ask } = server();
  const told = new Set<string>();
  for (let i = 0; i < 500; i++) {
    const secret = `My password is ${i * 7919}, and that is all that there is to say about it.`;
    if (i % 2 === 0) await ask(secret, "10.0.0.1");
    const { diagnosis, cachedTokens } = await ask(secret, `10.9.${i >> 8}.${i & 255}`);
    told.add(JSON.stringify([diagnosis, cachedTokens]));
  }
  expect(told.size).toBe(1);
}, 30_000);
