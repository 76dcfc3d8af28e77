import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { allMiniLm, smollm2 } from "../support/models.ts";
import { type RunnerAnswer, TestRunner } from "../support/real-runner.ts";
import { tokenOracle } from "../support/token-oracle.ts";

const chat = (text: string): string => `<|im_start|>user\n${text}<|im_end|>\n<|im_start|>assistant\n`;
/** Never ends by itself, so that tests decide when an answer is over. */
const ENDLESS = { grammar: 'root ::= "!" root' };

let model: string;
let runner: TestRunner;

beforeAll(async () => {
  model = await smollm2();
  runner = new TestRunner({ modelPath: model, parallel: 3 });
  await runner.info;
}, 300_000);

afterAll(async () => {
  await runner[Symbol.asyncDispose]();
});

describe("slots", () => {
  test("interleaved conversations give what each gives alone", async () => {
    const prompts = [
      "My name is Ada. What is my name?",
      "My name is Bob. What is my name?",
      "List three colours.",
    ];
    const tokens = await Promise.all(prompts.map((prompt) => runner.tokenize(chat(prompt))));
    const alone: string[] = [];
    for (const one of tokens) {
      await using fresh = new TestRunner({ modelPath: model });
      alone.push((await fresh.generate(one, { numPredict: 40 })).text);
    }
    const together = await Promise.all(tokens.map((one) => runner.generate(one, { numPredict: 40 })));
    expect(together.map(({ text }) => text)).toEqual(alone);
  }, 120_000);

  test("two long conversations that alternate turn by turn keep to themselves", async () => {
    const turn = async (history: string, question: string): Promise<string> => {
      const prompt = `${history}${chat(question)}`;
      const { text } = await runner.generate(await runner.tokenize(prompt), { numPredict: 20 });
      return `${prompt}${text}<|im_end|>\n`;
    };
    let secret = "";
    let other = "";
    for (const [a, b] of [
      ["The password is xyzzy-plugh. Repeat it.", "Tell me about bread."],
      ["Repeat the password again.", "And about butter?"],
      ["Once more.", "And jam?"],
    ] as const) {
      [secret, other] = await Promise.all([turn(secret, a), turn(other, b)]);
    }
    expect(secret).toContain("xyzzy");
    expect(other).not.toContain("xyzzy");
  }, 120_000);

  test("beside an interactive answer a batch has a step now and then, and in the end all that it wants", async () => {
    const [one, two] = await Promise.all(["one", "two"].map((text) => runner.tokenize(chat(text))));
    runner.steps.length = 0;
    const batch = runner.start(two!, { numPredict: 60 }, { ...ENDLESS, batch: true });
    await batch.started;
    const interactive = runner.start(one!, { numPredict: 80 }, ENDLESS);
    await interactive.answer;
    const steps = runner.steps.map((step) => new Set(step.map(({ id }) => id)));
    const first = steps.findIndex((ids) => ids.has(interactive.id));
    const beside = steps.slice(first, steps.findLastIndex((ids) => ids.has(interactive.id)) + 1);
    const theirs = beside.filter((ids) => ids.has(batch.id));
    // By the time that steps take; an eighth of them where each takes as long as the others.
    expect(theirs.length).toBeWithin(1, beside.length / 3);
    expect(beside.every(({ size }) => size === 1)).toBe(true);
    expect((await batch.answer).end).toMatchObject({ type: "done", generatedTokens: 60 });
  }, 60_000);

  test("an interactive request finds no step of 512 tokens under way while a batch's long prompt is evaluated", async () => {
    await using two = new TestRunner({ modelPath: model, parallel: 2, contextLength: 4096, gpuLayers: 0 });
    const long = await two.tokenize(Array.from({ length: 450 }, (_, at) => at.toString(36)).join(" "));
    const ask = async (text: string) => two.generate(await two.tokenize(chat(text)), { numPredict: 4 });
    await ask("Hello");
    const batch = two.start(long, { numPredict: 1 }, { ...ENDLESS, batch: true });
    const answers: RunnerAnswer[] = [];
    for (let at = 0; at < 10; at++) answers.push(await ask(`Number ${at}`));
    // All tokens that were evaluated since the answer before: those of the batch, and twenty of the answer itself.
    const evaluated = answers.map(({ end }) => (end.type === "done" ? (end.batch?.tokens ?? 0) : 0));
    expect(Math.max(...evaluated)).toBeLessThan(384);
    expect((await batch.answer).end).toMatchObject({ type: "done", promptTokens: long.length });
  }, 60_000);

  test("an answer guesses beside a batch that gives way, and says what it says alone", async () => {
    const text = "red, green, blue, red, green, blue, red, green, blue, red, green, blue";
    const [words, two] = await Promise.all([text, chat("two")].map((each) => runner.tokenize(each)));
    const alone = await runner.generate(words!, { numPredict: 60 });
    const batch = runner.start(two!, { numPredict: 100 }, { ...ENDLESS, batch: true });
    await batch.started;
    const beside = await runner.generate(words!, { numPredict: 60 });
    await batch.answer;
    expect(beside.text).toBe(alone.text);
    const accepted = [alone, beside].map(({ end }) => (end.type === "done" ? end.speculation?.accepted : 0));
    expect(accepted[1]).toBeGreaterThan(10);
  }, 60_000);

  test("every generating slot has its token in every step", async () => {
    runner.steps.length = 0;
    const tokens = await Promise.all(["one", "two", "three"].map((text) => runner.tokenize(chat(text))));
    await Promise.all(tokens.map((one) => runner.generate(one, { numPredict: 50 }, ENDLESS)));
    const busy = runner.steps.map((step) => step.length);
    const perDecode = busy.reduce((sum, size) => sum + size, 0) / busy.length;
    expect(perDecode).toBeGreaterThan(2.6);
  }, 60_000);

  test("a joining prompt of many chunks does not stop the others", async () => {
    await using two = new TestRunner({ modelPath: model, parallel: 2, contextLength: 2048, batchSize: 64 });
    const short = await two.tokenize(chat("Go on."));
    const long = (await two.tokenize("All work and no play makes Jack a dull boy. ".repeat(60))).slice(
      0,
      640,
    );
    const first = two.start(short, { numPredict: 60 }, ENDLESS);
    await first.started;
    const second = two.start(long, { numPredict: 1 }, ENDLESS);
    await Promise.all([first.answer, second.answer]);
    const arrived = two.steps.findIndex((step) => step.some(({ id }) => id === second.id));
    const before = two.steps
      .slice(0, arrived)
      .filter((step) => step.some(({ id }) => id === first.id)).length;
    // 640 tokens in chunks of 63 beside one token of the other: ten steps, and the other answered in each.
    expect(before).toBeGreaterThanOrEqual(10);
  }, 60_000);

  test("more requests than slots wait for their turn", async () => {
    const tokens = await runner.tokenize(chat("Hello"));
    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7].map(() => runner.generate(tokens, { numPredict: 5 })),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  }, 60_000);
});

describe("prefix reuse", () => {
  test("the next turn evaluates only what is new, and says so", async () => {
    await using fresh = new TestRunner({ modelPath: model });
    const first = await fresh.tokenize(`${chat("What is the capital of France?")}Paris`);
    const next = await fresh.tokenize(
      `${chat("What is the capital of France?")}Paris<|im_end|>\n${chat("And of Spain?")}`,
    );
    expect((await fresh.generate(first, { numPredict: 1 })).end).toMatchObject({
      cachedTokens: 0,
      promptTokens: first.length,
    });
    expect((await fresh.generate(next, { numPredict: 1 })).end).toMatchObject({
      cachedTokens: first.length,
      promptTokens: next.length,
    });
  }, 60_000);

  test("a prefix in use by another slot is copied, and both answers stay right", async () => {
    await using pair = new TestRunner({ modelPath: model, parallel: 2 });
    const system = `<|im_start|>system\n${"You are a careful librarian who answers in one word. ".repeat(12)}<|im_end|>\n`;
    const one = await pair.tokenize(`${system}${chat("Name a colour.")}`);
    const two = await pair.tokenize(`${system}${chat("Name an animal.")}`);
    const running = pair.start(one, { numPredict: 120 }, ENDLESS);
    await running.started;
    const copied = await pair.generate(two, { numPredict: 12 });
    await running.answer;
    // The reference reuses the same prefix in place: a prefix evaluated in other batches differs in its last bits.
    await using single = new TestRunner({ modelPath: model });
    await single.generate(one, { numPredict: 1 });
    expect(copied.text).toBe((await single.generate(two, { numPredict: 12 })).text);
    expect(copied.end.type === "done" && copied.end.cachedTokens).toBeGreaterThan(100);
  }, 120_000);
});

describe("cancelling", () => {
  test("a generating request stops, and its slot serves again", async () => {
    const tokens = await runner.tokenize(chat("Go on."));
    const { id, started, answer } = runner.start(tokens, { numPredict: 900 }, ENDLESS);
    await started;
    runner.cancel(id);
    const { end, parts } = await answer;
    expect(end).toMatchObject({ type: "error", kind: "cancelled" });
    expect(parts.length).toBeLessThan(900);
    runner.steps.length = 0;
    await runner.generate(tokens, { numPredict: 5 });
    expect(runner.steps.flat().every((item) => item.id !== id)).toBe(true);
  }, 60_000);

  test("a waiting and a prefilling request end at once", async () => {
    await using single = new TestRunner({ modelPath: model, contextLength: 2048, batchSize: 32 });
    const long = (await single.tokenize("All work and no play makes Jack a dull boy. ".repeat(150))).slice(
      0,
      1600,
    );
    const prefilling = single.start(long, { numPredict: 5 });
    const waiting = single.start(long, { numPredict: 5 });
    single.cancel(waiting.id);
    expect((await waiting.answer).end).toMatchObject({ type: "error", kind: "cancelled" });
    single.cancel(prefilling.id);
    expect((await prefilling.answer).end).toMatchObject({ type: "error", kind: "cancelled" });
    expect(single.steps).toEqual([]);
  }, 60_000);
});

describe("the process", () => {
  test("a file that is no model: a message without paths, and the process ends", async () => {
    await using broken = new TestRunner({ modelPath: import.meta.path });
    const error = await broken.info.then(String, (reason: Error) => reason.message);
    expect(error).toStartWith("failed to load model");
    expect(error).not.toContain("/");
    expect(await broken.process.exited).toBe(1);
  }, 60_000);

  test("embeddings of a text model: one vector an input, whatever the company", async () => {
    const inputs = await Promise.all(
      ["red", "a much longer sentence about the colour red", "blue"].map((text) => runner.tokenize(text)),
    );
    const together = await runner.embed(inputs);
    const alone = (await runner.embed([inputs[1]!]))[0]!;
    expect(together).toHaveLength(3);
    expect(cosine(together[1]!, alone)).toBeGreaterThan(0.9999);
    expect(cosine(together[0]!, together[2]!)).toBeLessThan(0.9999);
  }, 60_000);

  test("texts are embedded in one go as their tokens are; where one is too long, all come back as tokens", async () => {
    const texts = ["red", "a much longer sentence about the colour red"];
    const tokens = await Promise.all(texts.map((text) => runner.tokenize(text)));
    const longest = Math.max(...tokens.map(({ length }) => length));
    expect(await runner.embedTexts(texts, longest)).toEqual(await runner.embed(tokens));
    expect(await runner.embedTexts(texts, longest - 1)).toEqual(tokens);
  }, 60_000);

  test("many inputs let the answers beside them go on, batch by batch", async () => {
    await using small = new TestRunner({ modelPath: model, batchSize: 128 });
    const story = await small.tokenize("Once upon a time");
    const { started } = small.start(story, { numPredict: -1 }, ENDLESS);
    await started;
    const before = small.steps.length;
    // One fits a batch.
    const input = new Array<number>(100).fill(story[0]!);
    expect(await small.embed(Array.from({ length: 8 }, () => input))).toHaveLength(8);
    expect(small.steps.length - before).toBeGreaterThanOrEqual(7);
  }, 60_000);

  test("an embedding model with a context of a few tokens", async () => {
    await using small = new TestRunner({
      modelPath: await allMiniLm(),
      embeddingOnly: true,
      contextLength: 4,
    });
    expect(await small.embed([[101, 7592, 102]])).toHaveLength(1);
    await expect(small.embed([[101, 7592, 2088, 2088, 102]])).rejects.toThrow(
      "exceeds the context length (5 > 4 tokens)",
    );
  }, 60_000);

  test("a long text is tokenised between the steps of an answer, into the tokens of the whole", async () => {
    const source = await Bun.file(new URL("./runner-batching.test.ts", import.meta.url)).text();
    const text = `${source}\n¡Olé! ❄️ ${" \n".repeat(9000)}${source.repeat(12)}`;
    const stream = runner.start(await runner.tokenize(chat("Count to a hundred.")), { numPredict: 200 });
    await stream.started;
    const before = runner.steps.length;
    const tokens = await runner.tokenize(text);
    // One piece a step: the answer got its token at least as often as there are pieces.
    expect(runner.steps.length - before).toBeGreaterThanOrEqual(Math.floor(text.length / 32_768) - 1);
    runner.cancel(stream.id);
    const [oracle] = await tokenOracle(model, [text]);
    expect(tokens).toEqual(oracle!.special);
    // Where no word ends for longer than a piece the tokens may be others, and make up the same text.
    const endless = "a".repeat(70_000);
    expect(await runner.detokenize(await runner.tokenize(endless))).toBe(endless);
  }, 120_000);

  test("tokens and text convert both ways", async () => {
    const text = "Größe: 5 € 🦙 <|im_start|>";
    expect(await runner.detokenize(await runner.tokenize(text))).toBe(text);
    expect(await runner.tokenize("")).toEqual([]);
  });
});

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return dot / Math.sqrt(aa * bb);
}
