/** Answers weighed by a real runner: against the same tokens generated one by one, and against themselves under other circumstances. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PromptPiece } from "../../src/engine/pieces.ts";
import type { WeighedQuestion } from "../../src/intent/decide.ts";
import { COLOURS } from "../support/colour-projector.ts";
import { colourProjector, smollm2 } from "../support/models.ts";
import { pictureOf } from "../support/pictures.ts";
import { pairFiles } from "../support/published/files.ts";
import { TestRunner } from "../support/real-runner.ts";

const TEXT = "The customer writes: I was charged twice for my order, and nobody answers. ";
const ANSWERS = [
  "Yes",
  "billing",
  "a technical problem",
  "a technical question",
  "a technical",
  "something else, which is not named here",
];
const ASKED = ["What is it about?", "Is the customer content?", "Which department is to answer?"];

const tokensOf = (runner: TestRunner, texts: string[]) =>
  Promise.all(texts.map((text) => runner.tokenize(text)));

async function questionsFor(runner: TestRunner, more: string[] = []): Promise<WeighedQuestion[]> {
  const options = await tokensOf(runner, [...ANSWERS, ...more]);
  const asked = await tokensOf(
    runner,
    ASKED.map((question) => `\n${question}<|im_end|>\n<|im_start|>assistant\n`),
  );
  return asked.map((tokens) => ({ tokens, options }));
}

const promptOf = (runner: TestRunner, times: number) =>
  runner.tokenize(`<|im_start|>user\n${TEXT.repeat(times)}`);

/** The log-probability of a token behind a prompt by what a generation says, in which a bias forces it. */
async function generated(runner: TestRunner, prompt: number[], token: number): Promise<number> {
  const { logprobs } = await runner.generate(
    prompt,
    { numPredict: 1 },
    { logprobs: 0, logitBias: [[token, 1000]], salt: "oracle" },
  );
  return logprobs[0]!.logprob;
}

/** An answer's weight by definition: at each of its tokens, its part of what some answer that begins like it has there. */
async function wantedWeight(
  runner: TestRunner,
  prompt: number[],
  options: readonly number[][],
  answer: readonly number[],
): Promise<number> {
  let weight = 0;
  for (let at = 0; at <= answer.length; at++) {
    const front = answer.slice(0, at);
    const alike = options.filter((other) => front.every((token, place) => other[place] === token));
    const tokens = [...new Set(alike.flatMap((other) => other.slice(at, at + 1)))];
    const isOver = alike.some(({ length }) => length === at);
    if (tokens.length + Number(isOver) < 2) continue;
    const logs = await Promise.all(tokens.map((token) => generated(runner, [...prompt, ...front], token)));
    const sum = logs.reduce((total, log) => total + Math.exp(log), 0);
    const own = at === answer.length ? 1 - sum : Math.exp(logs[tokens.indexOf(answer[at]!)]!);
    weight += Math.log(own / (isOver ? 1 : sum));
  }
  return weight;
}

let modelPath: string;
beforeAll(async () => {
  modelPath = await smollm2();
}, 300_000);

// With one slot answers share its cells, each in a sequence of its own; with several each is evaluated in the slot and taken back.
describe.each([1, 2])("%d slots", (parallel) => {
  let runner: TestRunner;
  const load = { contextLength: 2048, parallel, threads: 1 };
  beforeAll(async () => {
    runner = new TestRunner({ modelPath, ...load });
    await runner.info;
  }, 60_000);
  afterAll(() => runner[Symbol.asyncDispose]());

  test("weights are what generation says of each token, among the answers", async () => {
    const prompt = await promptOf(runner, 3);
    const questions = await questionsFor(runner);
    const { logprobs, promptTokens, cachedTokens } = await runner.decide({ prompt: [prompt], questions });
    expect({ promptTokens, cachedTokens }).toEqual({ promptTokens: prompt.length, cachedTokens: 0 });
    for (const [at, { tokens, options }] of questions.entries()) {
      for (const [option, answer] of options.entries()) {
        const wanted = await wantedWeight(runner, [...prompt, ...tokens], options, answer);
        // Batches of another size: the last bits of quantised products differ, and add up over the answers that part.
        expect(Math.abs(logprobs[at]![option]! - wanted)).toBeLessThan(0.02 * Math.abs(wanted) + 0.25);
      }
      expect(logprobs[at]!.reduce((sum, weight) => sum + Math.exp(weight), 0)).toBeCloseTo(1, 6);
    }
  }, 120_000);

  test("the same to the last bit alone, among others, after other work, and in another process", async () => {
    const prompt = await promptOf(runner, 45);
    expect(prompt.length).toBeGreaterThan(512);
    // More answers than sequences, so that they come in several batches.
    const questions = await questionsFor(
      runner,
      Array.from({ length: 12 }, (_, at) => `answer number ${at}`),
    );
    const task = { prompt: [prompt], questions };
    const all = await runner.decide(task);
    const last = { ...task, questions: questions.slice(-1) };
    const again = await runner.decide(last);
    expect(again.cachedTokens).toBe(prompt.length);
    expect(again.logprobs).toEqual(all.logprobs.slice(-1));
    // Decisions of another caller find nothing of it, and lose nothing of theirs.
    const theirs = { ...last, salt: "theirs" };
    const cached = [(await runner.decide(theirs)).cachedTokens, (await runner.decide(theirs)).cachedTokens];
    expect(cached).toEqual([0, prompt.length]);
    // A prompt that begins like this one, and an answer that takes the slot.
    await runner.decide({ prompt: [prompt.slice(0, 600)], questions: questions.slice(0, 1) });
    await runner.generate(prompt.slice(0, 300), { numPredict: 5 });
    const [after, generating] = await Promise.all([
      runner.decide(last),
      runner.generate(prompt.slice(0, 40), { numPredict: 40 }),
    ]);
    expect(after.logprobs).toEqual(again.logprobs);
    expect(generating.end.type).toBe("done");
    await using other = new TestRunner({ modelPath, ...load });
    expect((await other.decide(last)).logprobs).toEqual(again.logprobs);
  }, 240_000);

  test("a decision can be cancelled at any time, and the next one finds a clean slot", async () => {
    const prompt = await promptOf(runner, 45);
    const questions = await questionsFor(runner);
    const wanted = await runner.decide({ prompt: [prompt], questions });
    for (const wait of [0, 20, 60, 120]) {
      const { id, reply } = runner.startDecision({ prompt: [prompt], questions });
      await Bun.sleep(wait);
      runner.cancel(id);
      expect(["error", "decided"]).toContain((await reply).type);
    }
    expect((await runner.decide({ prompt: [prompt], questions })).logprobs).toEqual(wanted.logprobs);
  }, 120_000);

  test("what does not fit, or is empty, is refused with both numbers", async () => {
    const questions = await questionsFor(runner);
    const long = Array.from({ length: 2040 }, (_, at) => 20 + (at % 50));
    const needs = 2040 + Math.max(...questions.map(({ tokens }) => tokens.length)) + 8;
    await expect(runner.decide({ prompt: [long], questions })).rejects.toThrow(
      /need 20\d\d tokens, and .* 2048/,
    );
    expect(needs).toBeGreaterThan(2048);
    const [{ tokens }] = questions as [WeighedQuestion];
    for (const bad of [
      [],
      [{ tokens, options: [] }],
      [{ tokens: [], options: [[5]] }],
      [{ tokens, options: [[]] }],
    ]) {
      await expect(runner.decide({ prompt: [long.slice(0, 9)], questions: bad })).rejects.toThrow(
        "has no tokens",
      );
    }
  });
});

test("an answer goes on while a decision is evaluated", async () => {
  await using runner = new TestRunner({ modelPath, contextLength: 4096, parallel: 2, threads: 1 });
  const { started, answer } = runner.start(await promptOf(runner, 1), { numPredict: 400 });
  await started;
  const before = runner.steps.length;
  const prompt = await promptOf(runner, 100);
  const questions = await questionsFor(runner);
  await runner.decide({ prompt: [prompt], questions });
  // A batch of the prompt and one of each question, at least: a step of the answer between each two.
  const batches = Math.ceil(prompt.length / 512) + questions.length;
  const { end } = await answer;
  expect(end.type).toBe("done");
  expect(runner.steps.length - before).toBeGreaterThanOrEqual(Math.min(batches, 300));
}, 240_000);

test("after a restart the prompt comes from the disk, and the weights are the same", async () => {
  const root = await mkdtemp(join(tmpdir(), "llamero-decide-"));
  const cache = { memoryBytes: 64e6, disk: { root, bytes: 1e9, weights: "a".repeat(64), key: "test" } };
  try {
    const load = { modelPath, contextLength: 2048, threads: 1, cache };
    const first = new TestRunner(load);
    const task = { prompt: [await promptOf(first, 45)], questions: await questionsFor(first) };
    const { logprobs } = await first.decide(task);
    await first.retire();
    await using second = new TestRunner(load);
    const after = await second.decide(task);
    expect(after.cachedTokens).toBe(task.prompt[0]!.length);
    expect(after.logprobs).toEqual(logprobs);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}, 120_000);

describe.each(["lfm2", "qwen35", "gemma3", "gptoss"])("%s, whose memory cannot be cut anywhere", (name) => {
  const words = (count: number, from: number): number[] =>
    Array.from({ length: count }, (_, i) => 20 + ((i * 7919 + from * 104_729 + ((i * i) % 31)) % 150));

  test("is put back after every question and every answer", async () => {
    const path = (await pairFiles(name)).native;
    const load = { modelPath: path, contextLength: 1024, threads: 1 };
    const options = [words(1, 1), words(3, 2), words(4, 3)];
    const questions = [7, 8, 9].map((from) => ({ tokens: words(20, from), options }));
    await using runner = new TestRunner(load);
    const task = { prompt: [words(600, 5)], questions };
    const { logprobs } = await runner.decide(task);
    for (const [at, question] of questions.entries()) {
      await using fresh = new TestRunner(load);
      const alone = await fresh.decide({ ...task, questions: [question] });
      expect(alone.logprobs).toEqual([logprobs[at]!]);
    }
    const again = await runner.decide(task);
    expect(again.cachedTokens).toBe(600);
    expect(again.logprobs).toEqual(logprobs);
  }, 120_000);
});

test("pictures are part of the prompt, and evaluated once", async () => {
  await using runner = new TestRunner({
    modelPath,
    projectorPath: await colourProjector(),
    contextLength: 2048,
    threads: 1,
  });
  const names = Object.keys(COLOURS).slice(0, 4);
  const options = await tokensOf(
    runner,
    names.map((name) => ` ${name}`),
  );
  const tokens = await runner.tokenize("\n");
  const weights: number[][] = [];
  for (const name of names) {
    const prompt: PromptPiece[] = [
      await runner.tokenize("Repeat this word:"),
      ...(await runner.look(await pictureOf(name))),
    ];
    const task = { prompt, questions: [{ tokens, options }] };
    const { logprobs } = await runner.decide(task);
    const again = await runner.decide(task);
    expect(again.cachedTokens).toBe(again.promptTokens);
    expect(again.logprobs).toEqual(logprobs);
    weights.push(logprobs[0]!);
  }
  // No name is as likely behind another colour's picture as behind its own.
  const seen = names.map((_, option) => {
    const column = weights.map((row) => row[option]!);
    return column.indexOf(Math.max(...column));
  });
  expect(seen).toEqual([0, 1, 2, 3]);
  // libmtmd may have to be built.
}, 600_000);
