import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { smollm2, tinyLlama, tinySpm } from "../support/models.ts";
import { type RunnerAnswer, TestRunner } from "../support/real-runner.ts";

const SIZE = { contextLength: 512, batchSize: 64 };
const PROMPTS = [
  "The quick brown fox",
  "12 34 56 78",
  '{ "a": [1, 2,',
  "Once upon a time there was a llama who",
];

let model: string;
let other: string;
let plain: TestRunner;

beforeAll(async () => {
  [model, other] = await Promise.all([tinyLlama({ seed: 1 }), tinyLlama({ seed: 2 })]);
  plain = new TestRunner({ modelPath: model });
  await plain.info;
}, 120_000);

afterAll(() => plain[Symbol.asyncDispose]());

/** Its answers with guesses, without, and with guesses again; lookups need text that repeats itself, and nonsense may do that. */
async function answers(runner: TestRunner, options = {}): Promise<RunnerAnswer[]> {
  const all: RunnerAnswer[] = [];
  for (const prompt of PROMPTS) {
    const tokens = await runner.tokenize(prompt);
    for (const draftNumPredict of [-1, 0, -1])
      all.push(await runner.generate(tokens, { numPredict: 120, ...options, draftNumPredict }));
  }
  return all;
}

const guessesOf = ({ end }: RunnerAnswer) => (end.type === "done" ? end.speculation : undefined);
const tokensOf = ({ end }: RunnerAnswer) => (end.type === "done" ? end.tokens : undefined);

describe.each([
  ["the model itself", () => model],
  ["another of the same vocabulary, which is mostly wrong", () => other],
])("a draft: %s", (_what, path) => {
  let runner: TestRunner;
  beforeAll(async () => {
    runner = new TestRunner({ modelPath: model, draft: { path: path(), ...SIZE } });
    await runner.info;
  }, 60_000);
  afterAll(() => runner[Symbol.asyncDispose]());

  test("greedy text is the same without it, over several prompts and a full context", async () => {
    const all = await answers(runner);
    for (let at = 0; at < all.length; at += 3) {
      const tokens = await plain.tokenize(PROMPTS[at / 3]!);
      const expected = tokensOf(await plain.generate(tokens, { numPredict: 120, draftNumPredict: 0 }));
      for (const each of all.slice(at, at + 3)) expect(tokensOf(each)).toEqual(expected);
    }
    const tokens = await runner.tokenize("A text that is longer than the context. ".repeat(3));
    const [guessed, unguessed] = [-1, 0].map((draftNumPredict) => ({ numPredict: 1500, draftNumPredict }));
    const long = tokensOf(await runner.generate(tokens, guessed));
    expect(long).toEqual(tokensOf(await runner.generate(tokens, unguessed)));
  }, 120_000);

  test("sampled text comes from the model's own logits, by the same seed the same", async () => {
    const all = await answers(runner, { temperature: 1, seed: 42 });
    for (let at = 0; at < all.length; at += 3) {
      for (const each of all.slice(at, at + 3)) expect(tokensOf(each)).toEqual(tokensOf(all[at]!)!);
    }
  }, 120_000);

  test("a request that wants no guesses has none; what guessed is told", async () => {
    const all = await answers(runner);
    for (let at = 1; at < all.length; at += 3) expect(guessesOf(all[at]!)).toBeUndefined();
  }, 60_000);

  test("is left alone while two answers are written", async () => {
    const tokens = await runner.tokenize("Two at once");
    await using pair = new TestRunner({ modelPath: model, parallel: 2, draft: { path: path(), ...SIZE } });
    const both = [1, 2].map((seed) =>
      pair.start(tokens, { temperature: 2, seed, numPredict: 200, topK: 0, topP: 1 }),
    );
    const ends = await Promise.all(both.map(({ answer }) => answer));
    expect(ends.map(guessesOf)).toEqual([undefined, undefined]);
  }, 60_000);
});

test("its memory is the model's too", async () => {
  await using runner = new TestRunner({ modelPath: model, draft: { path: other, ...SIZE } });
  expect((await runner.info).sizeBytes).toBeGreaterThan((await plain.info).sizeBytes);
}, 60_000);

test.each([
  ["another tokenizer", tinySpm, 'its tokenizer is "llama", and the model\'s is "gpt2"'],
  ["more tokens", smollm2, /it knows \d+ tokens, and the model \d+/],
])(
  "a draft with %s is refused, with what differs",
  async (_what, draft, difference) => {
    const runner = new TestRunner({ modelPath: model, draft: { path: await draft(), ...SIZE } });
    const error = await runner.info.catch((thrown) => thrown);
    expect(error.message).toStartWith("the draft model does not speak the model's vocabulary: ");
    if (typeof difference === "string") expect(error.message).toContain(difference);
    else expect(error.message).toMatch(difference);
    await runner[Symbol.asyncDispose]();
  },
  60_000,
);

test("a draft's file that is none is told as such", async () => {
  const runner = new TestRunner({ modelPath: model, draft: { path: "/nowhere/draft.gguf", ...SIZE } });
  const error = await runner.info.catch((thrown) => thrown);
  expect(error.message).not.toContain("/nowhere");
  await runner[Symbol.asyncDispose]();
}, 60_000);
