import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { cellsIn, type PromptPiece } from "../../src/engine/pieces.ts";
import { deriveProjector } from "../../src/models/clip/derive.ts";
import { COLOUR_CELLS, COLOURS } from "../support/colour-projector.ts";
import { colourProjector, slowColourProjector, smollm2 } from "../support/models.ts";
import { bytesOf, pictureOf } from "../support/pictures.ts";
import { pairFiles } from "../support/published/files.ts";
import { TestRunner } from "../support/real-runner.ts";

let runner: TestRunner;
const names = Object.keys(COLOURS);

beforeAll(async () => {
  runner = new TestRunner({
    modelPath: await smollm2(),
    projectorPath: await colourProjector(),
    parallel: 4,
    contextLength: 2048,
    threads: 1,
  });
  await runner.info;
  // libmtmd may have to be built.
}, 600_000);
afterAll(() => runner[Symbol.asyncDispose]());

/** A prompt that ends in the picture: what the model says next is what it was shown. */
async function promptWith(...colours: string[]): Promise<PromptPiece[]> {
  const pieces: PromptPiece[] = [];
  for (const colour of colours) {
    pieces.push(await runner.tokenize("Repeat this word:"), ...(await runner.look(await pictureOf(colour))));
  }
  return pieces;
}

const ask = async (prompt: PromptPiece[], numPredict = 4) => runner.generate([], { numPredict }, { prompt });

const encodings = (): number => runner.lines.filter((line) => line.startsWith("encoded ")).length;

describe("a model with a projector", () => {
  test("sees, and does not hear", async () => {
    expect((await runner.info).senses).toEqual({ sees: true, hears: false });
  });

  test("names ten colours of ten", async () => {
    const said: string[] = [];
    for (const colour of names) said.push((await ask(await promptWith(colour))).text.trim().split(" ")[0]!);
    expect(said).toEqual(names);
  });

  test("counts a picture's cells as tokens of the prompt, and takes a prompt that goes on behind it", async () => {
    const rest = await runner.tokenize(" is");
    const prompt = [...(await promptWith("red")), rest];
    const { end } = await ask(prompt);
    const tokens = (await runner.tokenize("Repeat this word:")).length + COLOUR_CELLS + rest.length;
    expect(end).toMatchObject({ type: "done", promptTokens: tokens });
  });

  test("sees two pictures in one prompt, the last one last", async () => {
    expect((await ask(await promptWith("blue", "yellow"))).text.trim()).toStartWith("yellow");
    expect((await ask(await promptWith("yellow", "blue"))).text.trim()).toStartWith("blue");
  });

  test("four slots see four pictures", async () => {
    const four = names.slice(0, 4);
    const prompts = await Promise.all(four.map((colour) => promptWith(colour)));
    const answers = await Promise.all(prompts.map((prompt) => ask(prompt)));
    expect(answers.map(({ text }) => text.trim().split(" ")[0])).toEqual(four);
  });

  test("encodes a picture once, however often it is asked about, and reuses the cells of one that is followed by text", async () => {
    const before = encodings();
    const picture = await promptWith("pink");
    const question = await runner.tokenize(" What colour is it?");
    await ask([...picture, question]);
    const again = await ask([...picture, question]);
    await ask([await runner.tokenize("Something else:"), ...picture]);
    expect(encodings() - before).toBeLessThanOrEqual(1);
    const whole = (await runner.tokenize("Repeat this word:")).length + COLOUR_CELLS + question.length;
    expect(again.end).toMatchObject({ promptTokens: whole, cachedTokens: whole - 1 });
  });
});

test("a request that is cancelled before its pictures are seen gives its slot back", async () => {
  const prompt = await promptWith(...names, ...names);
  const { id, answer } = runner.start([], { numPredict: 4 }, { prompt });
  runner.cancel(id);
  expect((await answer).end).toMatchObject({ type: "error", kind: "cancelled" });
  expect((await ask(await promptWith("red"))).text.trim()).toStartWith("red");
});

test("answers under way go on while others' pictures are seen", async () => {
  const text = runner.start(await runner.tokenize("Count to a hundred: 1, 2, 3,"), { numPredict: 48 });
  await text.started;
  const prompts = await Promise.all(
    ["red", "green", "blue"].map((colour) => promptWith(colour, colour, colour)),
  );
  const seen = await Promise.all(prompts.map((prompt) => ask(prompt)));
  expect(seen.every(({ end }) => end.type === "done")).toBe(true);
  expect((await text.answer).end).toMatchObject({ type: "done", generatedTokens: 48 });
});

describe("a picture that takes long to encode", () => {
  let slow: TestRunner;
  beforeAll(async () => {
    slow = new TestRunner({
      modelPath: await smollm2(),
      projectorPath: await slowColourProjector(),
      contextLength: 4096,
      parallel: 2,
      threads: 1,
    });
    await slow.info;
  }, 120_000);
  afterAll(() => slow[Symbol.asyncDispose]());

  /** An answer that goes on for as long as it is needed, and how many steps it has had. */
  async function startText() {
    const eos = await slow.tokenize((await slow.info).eosToken);
    const text = slow.start(
      await slow.tokenize("a"),
      { numPredict: 8000 },
      { logitBias: eos.map((token) => [token, -1e9]) },
    );
    await text.started;
    return {
      ...text,
      steps: () => slow.steps.filter((items) => items.some(({ id }) => id === text.id)).length,
    };
  }

  async function startLooking(colour: string, holder = 1) {
    const prompt = [
      await slow.tokenize("Repeat this word:"),
      ...(await slow.look(await pictureOf(colour), holder)),
    ];
    return slow.start([], { numPredict: 4 }, { prompt });
  }

  /** How many turns the log says that each picture had. */
  async function turnsOf(outcome: RegExp, pictures: number): Promise<number[]> {
    const found = () => slow.lines.flatMap((line) => outcome.exec(line)?.slice(1).map(Number) ?? []);
    // Lines come by another way than answers.
    while (found().length < pictures) await Bun.sleep(1);
    return found();
  }
  const ENCODED = /^encoded .* (\d+) turns$/;
  const GIVEN_UP = /^encoding .*: given up .* (\d+) turns$/;

  test("lets the other slot have a step between its turns", async () => {
    const text = await startText();
    const before = text.steps();
    const picture = await startLooking("red");
    expect((await picture.answer).text.trim()).toStartWith("red");
    const steps = text.steps() - before;
    slow.cancel(text.id);
    await text.answer;
    const [turns = 0] = await turnsOf(ENCODED, 1);
    expect(turns).toBeGreaterThan(1);
    expect(steps).toBeGreaterThanOrEqual(turns);
  }, 60_000);

  test("is given up in the midst of it when nobody waits for it any more", async () => {
    const text = await startText();
    const picture = await startLooking("green", 2);
    const before = text.steps();
    while (text.steps() < before + 4) await Bun.sleep(1);
    slow.cancel(picture.id);
    slow.forget(2);
    expect((await picture.answer).end).toMatchObject({ type: "error", kind: "cancelled" });
    slow.cancel(text.id);
    await text.answer;
    const [turns = 0] = await turnsOf(GIVEN_UP, 1);
    expect(turns).toBeGreaterThan(0);
    // The projector is as good as before.
    const others = [await startLooking("red"), await startLooking("blue")];
    const answers = await Promise.all(others.map(({ answer }) => answer));
    expect(answers.map(({ text }) => text.trim().split(" ")[0])).toEqual(["red", "blue"]);
    expect(await turnsOf(ENCODED, 2)).toHaveLength(2);
  }, 60_000);
});

test("a picture takes no more than half of a context, where its projector can look less closely", async () => {
  const { published } = await pairFiles("qwen25vl");
  await using small = new TestRunner({
    modelPath: published,
    projectorPath: await derived(published),
    contextLength: 2048,
    threads: 1,
  });
  const large = await bytesOf(
    sharp({ create: { width: 3000, height: 3000, channels: 3, background: { r: 255, g: 0, b: 0 } } }).png(),
  );
  expect(cellsIn(await small.look(large))).toBeWithin(256, 1100);
}, 120_000);

/** The projector in a published file. */
async function derived(published: string): Promise<string> {
  const target = join(tmpdir(), `llamero-derived-${process.pid}.gguf`);
  await deriveProjector(published, target, new AbortController().signal);
  return target;
}
