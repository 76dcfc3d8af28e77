import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { greedyOracle } from "../support/greedy-oracle.ts";
import { smollm2 } from "../support/models.ts";
import { TestRunner } from "../support/real-runner.ts";

const chat = (text: string): string => `<|im_start|>user\n${text}<|im_end|>\n<|im_start|>assistant\n`;
const LONG_STORY = chat("Tell me a very long story about a llama who climbs a mountain.");

let model: string;
let runner: TestRunner;

beforeAll(async () => {
  model = await smollm2();
  runner = new TestRunner({ modelPath: model, parallel: 4 });
  await runner.info;
}, 300_000);

afterAll(async () => {
  await runner[Symbol.asyncDispose]();
});

/** Where Linux says whether it gives huge pages: always, to those who ask, or never. */
const HUGE_PAGES = "/sys/kernel/mm/transparent_hugepage/enabled";
const hasHugePages = existsSync(HUGE_PAGES) && !readFileSync(HUGE_PAGES, "utf8").includes("[never]");

test.skipIf(!hasHugePages)("the model lies in huge pages", async () => {
  const memory = readFileSync(`/proc/${runner.process.pid}/smaps_rollup`, "utf8");
  expect(Number(/^AnonHugePages:\s+(\d+) kB$/m.exec(memory)?.[1])).toBeGreaterThan(0);
});

describe("text", () => {
  test("greedy text is node-llama-cpp's own, token by token", async () => {
    for (const prompt of [
      chat("Why is the sky blue?"),
      "Once upon a time",
      chat("Write a haiku about snow. ❄️"),
    ]) {
      const tokens = await runner.tokenize(prompt);
      const { end } = await runner.generate(tokens, { numPredict: 64 });
      expect(end).toMatchObject({ type: "done", tokens: await greedyOracle(model, tokens, 64) });
    }
  }, 120_000);

  test("an answer that repeats its prompt is guessed, and is what it would be without", async () => {
    const lines = Array.from(
      { length: 12 },
      (_, i) => `let value${i} = compute(${i * 37}, "${"xyz"[i % 3]}");`,
    );
    const text = `${lines.join("\n")}\n`;
    const tokens = await runner.tokenize(text + text + lines.slice(0, 2).join("\n"));
    const { end } = await runner.generate(tokens, { numPredict: 80 });
    expect(end).toMatchObject({ type: "done", tokens: await greedyOracle(model, tokens, 80) });
    const { drafted = 0, accepted = 0 } = end.type === "done" ? (end.speculation ?? {}) : {};
    expect(accepted).toBeGreaterThan(40);
    expect(drafted).toBeGreaterThanOrEqual(accepted);
  }, 120_000);

  test("guesses keep to the grammar, the seed and num_predict", async () => {
    const tokens = await runner.tokenize(chat("Say yes a hundred times."));
    const grammar = 'root ::= ("yes " | "no ")+';
    const options = { temperature: 1, seed: 7, numPredict: 60 };
    const first = await runner.generate(tokens, options, { grammar });
    const second = await runner.generate(tokens, options, { grammar });
    expect(first.text).toMatch(/^((yes|no) )+(y|ye|yes|n|no)?$/);
    expect(first.end).toMatchObject({ type: "done", generatedTokens: 60, reason: "length" });
    expect(second.text).toBe(first.text);
  }, 60_000);

  test("the same seed gives the same text, another seed another", async () => {
    const tokens = await runner.tokenize(LONG_STORY);
    const options = { temperature: 1, seed: 42, numPredict: 40 };
    // The first run fills the cache, so that the compared runs evaluate the same batches.
    await runner.generate(tokens, options);
    const first = await runner.generate(tokens, options);
    const second = await runner.generate(tokens, options);
    const other = await runner.generate(tokens, { ...options, seed: 43 });
    expect(second.text).toBe(first.text);
    expect(other.text).not.toBe(first.text);
  }, 60_000);

  test("seed -1 is a different seed each time", async () => {
    const tokens = await runner.tokenize(LONG_STORY);
    const texts = await Promise.all(
      [1, 2, 3].map(() => runner.generate(tokens, { temperature: 1.5, topK: 0, topP: 1 })),
    );
    expect(new Set(texts.map(({ text }) => text)).size).toBe(3);
  }, 60_000);

  test("num_predict is exact, and 0 evaluates the prompt only", async () => {
    const tokens = await runner.tokenize(LONG_STORY);
    const ten = await runner.generate(tokens, { numPredict: 10 }, { logprobs: 0 });
    expect(ten.end).toMatchObject({
      type: "done",
      reason: "length",
      generatedTokens: 10,
      promptTokens: tokens.length,
    });
    expect(ten.logprobs).toHaveLength(10);
    const none = await runner.generate(tokens, { numPredict: 0 });
    expect(none.end).toMatchObject({ type: "done", reason: "length", generatedTokens: 0, tokens: [] });
    expect(none.text).toBe("");
  }, 60_000);

  test("a stop string ends the answer and does not leak a part of itself", async () => {
    const tokens = await runner.tokenize(chat("Count from one to ten."));
    const whole = await runner.generate(tokens, { numPredict: 60 });
    const stop = whole.text.slice(12, 18);
    const stopped = await runner.generate(tokens, { numPredict: 60, stop: ["never said", stop] });
    expect(stopped.end).toMatchObject({ type: "done", reason: "stop", stopString: stop });
    expect(stopped.text).toBe(whole.text.slice(0, whole.text.indexOf(stop)));
  }, 60_000);

  test("log-probabilities: greedy picks the first, alternatives are sorted and sum to at most one", async () => {
    const tokens = await runner.tokenize(chat("Hello"));
    const { logprobs, text } = await runner.generate(tokens, { numPredict: 12 }, { logprobs: 5 });
    expect(logprobs.map(({ token }) => token).join("")).toBe(text);
    for (const { token, logprob, bytes, top = [] } of logprobs) {
      expect(new TextDecoder().decode(Uint8Array.from(bytes))).toBe(token);
      expect(top).toHaveLength(5);
      expect(top[0]).toEqual({ token, logprob, bytes });
      expect(top.map((entry) => entry.logprob)).toEqual(
        top.map((entry) => entry.logprob).sort((a, b) => b - a),
      );
      expect(top.reduce((sum, entry) => sum + Math.exp(entry.logprob), 0)).toBeLessThanOrEqual(1.0001);
    }
  }, 60_000);
});

describe("log-probabilities under a grammar", () => {
  const scores = { logprobs: 20 };
  const words = { grammar: 'root ::= ("yes" | "no" | "maybe") "!"' };

  test("are the model's own, of the same pass", async () => {
    const tokens = await runner.tokenize(chat("Is water wet?"));
    const free = await runner.generate(tokens, { numPredict: 1 }, scores);
    const bound = await runner.generate(tokens, {}, { ...scores, ...words });
    const [first] = free.logprobs;
    expect(first?.top).toHaveLength(20);
    expect(bound.logprobs[0]).toMatchObject({ top: first?.top ?? [] });
    expect(bound.logprobs.map(({ token }) => token).join("")).toBe(bound.text);
  }, 60_000);

  test("never sum to more than one, the sampled token included", async () => {
    const tokens = await runner.tokenize(chat("Is water wet?"));
    const { logprobs } = await runner.generate(tokens, { temperature: 1 }, { ...scores, ...words });
    expect(logprobs.length).toBeGreaterThan(1);
    for (const { token, logprob, top = [] } of logprobs) {
      const others = top.filter((entry) => entry.token !== token).map((entry) => Math.exp(entry.logprob));
      expect(others.reduce((sum, each) => sum + each, Math.exp(logprob))).toBeLessThanOrEqual(1.0001);
    }
  }, 60_000);
});

describe("sampling options", () => {
  test("each changes the choice: only the likeliest token survives a tight limit", async () => {
    const tokens = await runner.tokenize(LONG_STORY);
    const greedy = await runner.generate(tokens, { numPredict: 24 });
    const hot = { temperature: 3, topK: 0, topP: 1, minP: 0, typicalP: 1, seed: 7, numPredict: 24 };
    expect((await runner.generate(tokens, hot)).text).not.toBe(greedy.text);
    expect((await runner.generate(tokens, { ...hot, topK: 1 })).text).toBe(greedy.text);
    expect((await runner.generate(tokens, { ...hot, topP: 0 })).text).toBe(greedy.text);
    expect((await runner.generate(tokens, { ...hot, minP: 1 })).text).toBe(greedy.text);
    const typical = await runner.generate(tokens, { ...hot, typicalP: 0.05 });
    expect(typical.text).not.toBe((await runner.generate(tokens, hot)).text);
  }, 120_000);

  test("penalties keep a greedy answer from repeating itself", async () => {
    const tokens = await runner.tokenize("a b a b a b a b a b a b");
    const plain = await runner.generate(tokens, { numPredict: 24 });
    for (const penalty of [{ repeatPenalty: 1.8 }, { presencePenalty: 5 }, { frequencyPenalty: 5 }]) {
      const penalized = await runner.generate(tokens, { numPredict: 24, ...penalty });
      expect(penalized.text).not.toBe(plain.text);
      const off = await runner.generate(tokens, { numPredict: 24, ...penalty, repeatLastN: 0 });
      expect(off.text).toBe(plain.text);
    }
  }, 120_000);

  test("a grammar is obeyed, and a broken one refused without harm", async () => {
    const tokens = await runner.tokenize(chat("Is water wet? Answer in a sentence."));
    const { text, end } = await runner.generate(
      tokens,
      { numPredict: 40 },
      { grammar: 'root ::= "yes" | "no"' },
    );
    expect(end).toMatchObject({ type: "done", reason: "stop" });
    expect(["yes", "no"]).toContain(text);
    const refused = await runner.generate(tokens, {}, { grammar: "root ::= missing" });
    expect(refused.end).toMatchObject({ type: "error", kind: "bad_request" });
    expect((await runner.generate(tokens, { numPredict: 4 })).end.type).toBe("done");
  }, 60_000);
});

describe("context", () => {
  test("a prompt that does not fit, or an empty one, is refused without harm", async () => {
    await using small = new TestRunner({ modelPath: model, contextLength: 16 });
    const tokens = await small.tokenize(LONG_STORY);
    expect((await small.generate(tokens)).end).toMatchObject({ type: "error", kind: "bad_request" });
    expect((await small.generate([])).end).toMatchObject({ type: "error", kind: "bad_request" });
    expect((await small.generate(tokens.slice(0, 16), { numPredict: 1 })).end.type).toBe("done");
  }, 60_000);

  test("a full context shifts and goes on; without shift the answer ends", async () => {
    await using small = new TestRunner({ modelPath: model, contextLength: 128 });
    const tokens = await small.tokenize(LONG_STORY);
    // "!" over and over: an answer that does not end by itself.
    const endless = { grammar: 'root ::= "!" root' };
    const shifted = await small.generate(tokens, { numPredict: 300 }, endless);
    expect(shifted.end).toMatchObject({ type: "done", reason: "length", generatedTokens: 300 });
    const cut = await small.generate(tokens, { numPredict: 300 }, { ...endless, shift: false });
    expect(cut.end).toMatchObject({
      type: "done",
      reason: "length",
      generatedTokens: 128 - tokens.length + 1,
    });
  }, 60_000);

  test("after a shift only the untouched front may serve another prompt", async () => {
    await using small = new TestRunner({ modelPath: model, contextLength: 128 });
    const tokens = await small.tokenize(LONG_STORY);
    await small.generate(tokens, { numPredict: 200 }, { grammar: 'root ::= "!" root' });
    const again = await small.generate(tokens, { numPredict: 4 });
    expect(again.end).toMatchObject({ type: "done", cachedTokens: 4 });
  }, 60_000);

  test("a negative num_predict ends at ten times the context", async () => {
    await using small = new TestRunner({ modelPath: model, contextLength: 32 });
    const tokens = await small.tokenize("Hi");
    const { end } = await small.generate(tokens, { numPredict: -1 }, { grammar: 'root ::= "!" root' });
    expect(end).toMatchObject({ type: "done", reason: "length", generatedTokens: 320 });
  }, 60_000);
});
