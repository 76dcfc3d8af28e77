import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readFileFront, readPromptFile } from "../../native/runner/cache/disk/file.ts";
import type { CacheSettings, RunnerLoad, SlotDone } from "../../src/engine/protocol.ts";
import { smollm2 } from "../support/models.ts";
import { type RunnerAnswer, TestRunner } from "../support/real-runner.ts";

const MIB = 2 ** 20;
/** With two threads the last bits depend on how the work was divided, which changes with what else the machine does. */
const LOAD = { threads: 1 };
const PEOPLE = ["alice", "bob", "carol"];

let modelPath: string;
let fresh: TestRunner;
const runners: TestRunner[] = [];
const folders: string[] = [];

beforeAll(async () => {
  modelPath = await smollm2();
  fresh = new TestRunner({ modelPath, ...LOAD });
  await fresh.info;
}, 300_000);

afterEach(async () => {
  for (const runner of runners.splice(0)) await runner[Symbol.asyncDispose]();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

afterAll(() => fresh[Symbol.asyncDispose]());

function start(cache: CacheSettings, more: Partial<RunnerLoad> = {}): TestRunner {
  const runner = new TestRunner({ modelPath, cache, ...LOAD, ...more });
  runners.push(runner);
  return runner;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "llamero-prompts-"));
  folders.push(path);
  return path;
}

const onDisk = (root: string, key = "", memoryBytes = 0): CacheSettings => ({
  memoryBytes,
  disk: { root, bytes: 1024 * MIB, weights: "smollm2", key },
});

const message = (text: string) => `<|im_start|>user\n${text}<|im_end|>\n<|im_start|>assistant\n`;
const story = (who: string, length = 26): string =>
  message(
    Array.from({ length }, (_, i) => `${who} meets friend ${i} and walks ${(i * 7) % 13} miles.`).join(" "),
  );

type Asked = RunnerAnswer & { end: SlotDone };

/** An answer to the last bit: its tokens, and how likely they and others were. */
const exactly = ({ end, logprobs }: Asked) => ({ tokens: end.tokens, logprobs });

/** Asks with an answer of eight tokens. */
const ask = async (runner: TestRunner, tokens: number[], salt = ""): Promise<Asked> => {
  const answer = await runner.generate(tokens, { numPredict: 8 }, { salt, logprobs: 3 });
  if (answer.end.type !== "done") throw new Error(answer.end.message);
  return { ...answer, end: answer.end };
};

/** The answers of a conversation that has a slot to itself: the same batches, and so the same numbers to the last bit. */
async function alone(prompts: number[][]): Promise<ReturnType<typeof exactly>[]> {
  const salt = crypto.randomUUID();
  const answers: ReturnType<typeof exactly>[] = [];
  for (const prompt of prompts) answers.push(exactly(await ask(fresh, prompt, salt)));
  return answers;
}

async function untilWritten(root: string, files = 1): Promise<string[]> {
  for (let tries = 0; tries < 300; tries++) {
    const found = readdirSync(root, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith(".kv"));
    if (found.length >= files) return found.map((name) => join(root, name));
    await Bun.sleep(50);
  }
  throw new Error("nothing was written");
}

/** The file of a real conversation, with one wrong byte at a time: what the runner reads of it then. */
async function expectMissAtEveryThousandthByte(path: string, good: Buffer): Promise<void> {
  const front = await readFileFront(path);
  if (front === undefined) throw new Error("the file was not readable before");
  expect(await readPromptFile(path, front.fingerprint)).toBeDefined();
  const file = openSync(path, "r+");
  try {
    for (let at = 0; at < good.length; at += 1000) {
      writeSync(file, Uint8Array.of(good[at]! ^ 0x10), 0, 1, at);
      expect(await readPromptFile(path, front.fingerprint), `byte ${at} of ${good.length}`).toBeUndefined();
      writeSync(file, good, at, 1, at);
    }
  } finally {
    closeSync(file);
  }
  expect(await readPromptFile(path, front.fingerprint)).toBeDefined();
}

describe("in memory", () => {
  test("three conversations on one slot evaluate only what is new, and answer as if they were alone", async () => {
    const runner = start({ memoryBytes: 512 * MIB });
    const talks = await Promise.all(PEOPLE.map((who) => runner.tokenize(story(who))));
    const next = await runner.tokenize(`<|im_end|>\n${message("And then?")}`);
    const said = new Map<number, { prompts: number[][]; answers: ReturnType<typeof exactly>[] }>();
    for (let turn = 0; turn < 3; turn++) {
      for (const [at, talk] of talks.entries()) {
        const answer = await ask(runner, talk);
        const { end } = answer;
        const { prompts, answers } = said.get(at) ?? { prompts: [], answers: [] };
        said.set(at, { prompts: [...prompts, talk], answers: [...answers, exactly(answer)] });
        // All of the last turn, perhaps without its last token: one that reaches num_predict is never evaluated.
        if (turn > 0) expect(end.cachedTokens).toBeGreaterThanOrEqual(talk.length - next.length - 1);
        if (turn > 0) expect(end.cache).toMatchObject({ source: "memory", miss: { reason: "differs" } });
        talks[at] = [...talk, ...end.tokens, ...next];
      }
    }
    for (const { prompts, answers } of said.values()) expect(await alone(prompts)).toEqual(answers);
  }, 180_000);

  test("two conversations take turns where memory has room for one only", async () => {
    const runner = start({ memoryBytes: 16 * MIB });
    const talks = await Promise.all(["dora", "emil"].map((who) => runner.tokenize(story(who))));
    for (const talk of talks) await ask(runner, talk);
    for (const talk of [...talks, ...talks]) {
      expect((await ask(runner, talk)).end.cachedTokens).toBe(talk.length - 1);
      expect(runner.cache.memoryBytes).toBeLessThanOrEqual(16 * MIB);
    }
  }, 180_000);

  test("what had to go is told: when, and by what", async () => {
    const before = Date.now();
    const runner = start({ memoryBytes: 0 });
    const [first = [], second = []] = await Promise.all(PEOPLE.map((who) => runner.tokenize(story(who))));
    for (const talk of [first, second]) await ask(runner, talk);
    const { end } = await ask(runner, first);
    const { evictedAt, ...miss } = end.cache?.miss ?? {};
    expect(miss).toEqual({ reason: "evicted", at: first.length, evictedBy: "no_room" });
    expect(evictedAt).toBeGreaterThanOrEqual(before);
  }, 180_000);

  test("a state is saved or restored between two steps of another answer, never two of them", async () => {
    const runner = start({ memoryBytes: 512 * MIB }, { parallel: 2 });
    const [first = [], second = []] = await Promise.all(PEOPLE.map((who) => runner.tokenize(story(who))));
    for (const talk of [first, second]) await ask(runner, talk);
    const stream = runner.start(await runner.tokenize(message("Count.")), { numPredict: 60 });
    await stream.started;
    const seen = runner.steps.length;
    // Its slot has to be rescued and refilled while the other one answers: a step in between for each.
    await ask(runner, second);
    await ask(runner, first);
    const others = runner.steps.slice(seen).filter((items) => items.some(({ id }) => id === stream.id));
    expect(others.length).toBeGreaterThan(10);
    expect((await stream.answer).end).toMatchObject({ type: "done", generatedTokens: 60 });
  }, 180_000);
});

describe("of different callers", () => {
  test("nothing is shared, in slots, memory or on disk", async () => {
    const root = folder();
    const runner = start(onDisk(root, "", 512 * MIB), { parallel: 2 });
    const talk = await runner.tokenize(story("alice"));
    await ask(runner, talk, "a");
    expect((await ask(runner, talk, "b")).end.cache).toEqual({
      source: "none",
      reused: 0,
      miss: { reason: "new" },
    });
    await ask(runner, await runner.tokenize(story("bob")), "b");
    await ask(runner, await runner.tokenize(story("carol")), "b");
    await untilWritten(root);
    expect((await ask(runner, talk, "c")).end.cache).toEqual({
      source: "none",
      reused: 0,
      miss: { reason: "new" },
    });
    expect((await ask(runner, talk, "a")).end.cachedTokens).toBe(talk.length - 1);
  }, 180_000);
});

describe("on disk", () => {
  test("a conversation is found after kill -9, and answered as if evaluated anew", async () => {
    const root = folder();
    const runner = start(onDisk(root));
    const talk = await runner.tokenize(story("alice"));
    const first = await ask(runner, talk);
    const { end } = first;
    await untilWritten(root);
    runner.process.kill(9);
    const again = start(onDisk(root));
    const longer = [...talk, ...end.tokens, ...(await again.tokenize(`<|im_end|>\n${message("And then?")}`))];
    const next = await ask(again, longer);
    expect(next.end.cache).toMatchObject({ source: "disk", reused: talk.length + end.tokens.length - 1 });
    expect([first, next].map(exactly)).toEqual(await alone([talk, longer]));
  }, 180_000);

  test("a runner that is retired writes what it has, slots and memory", async () => {
    const root = folder();
    const runner = start(onDisk(root, "", 512 * MIB));
    const talks = await Promise.all(PEOPLE.map((who) => runner.tokenize(story(who))));
    for (const talk of talks) await ask(runner, talk);
    await runner.retire();
    expect(await untilWritten(root, 3)).toHaveLength(3);
    const again = start(onDisk(root));
    for (const talk of talks) expect((await ask(again, talk)).end.cachedTokens).toBe(talk.length - 1);
  }, 180_000);

  test("a wrong byte anywhere is a miss and never another answer", async () => {
    const root = folder();
    const runner = start(onDisk(root));
    const talk = await runner.tokenize(story("alice", 20));
    const answer = (await ask(runner, talk)).end.tokens;
    const [path = ""] = await untilWritten(root);
    runner.process.kill(9);
    const good = readFileSync(path);
    const flip = async (at: number) => {
      const bad = Buffer.from(good);
      bad[at]! ^= 0x10;
      writeFileSync(path, bad);
      const again = start(onDisk(root));
      const { end } = await ask(again, talk);
      expect(end.cachedTokens, `byte ${at}`).toBe(0);
      expect(end.tokens, `byte ${at}`).toEqual(answer);
      await again[Symbol.asyncDispose]();
    };
    for (const share of [0, 0.001, 0.3, 0.6, 0.9999]) await flip(Math.floor(good.length * share));
    writeFileSync(path, good);
    await expectMissAtEveryThousandthByte(path, good);
  }, 180_000);

  test("a state of other load options is not used", async () => {
    const root = folder();
    const runner = start(onDisk(root, "f16"));
    const talk = await runner.tokenize(story("alice"));
    await ask(runner, talk);
    await runner.retire();
    const other = start(onDisk(root, "q8_0"), { kvCacheType: "q8_0" });
    expect((await ask(other, talk)).end.cachedTokens).toBe(0);
  }, 180_000);

  test("a model that is loaded with another context, as aider does at every turn, goes on from there", async () => {
    const root = folder();
    const small = start(onDisk(root), { contextLength: 2048 });
    const talk = await small.tokenize(story("alice"));
    const answer = (await ask(small, talk)).end.tokens;
    await small.retire();
    const large = start(onDisk(root), { contextLength: 4096 });
    const { end } = await ask(large, talk);
    expect(end.cachedTokens).toBe(talk.length - 1);
    expect(end.tokens).toEqual(answer);
    await large.generate([...talk, ...(await large.tokenize(story("bob", 100)))], { numPredict: 1 });
    await large.retire();
    // Too long for it now; what is evaluated is right.
    const again = start(onDisk(root), { contextLength: 1024 });
    expect((await ask(again, talk)).end.tokens).toEqual(answer);
  }, 180_000);
});
