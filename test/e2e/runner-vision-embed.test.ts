/** Pictures on the way of embeddings. The projector gives a red picture the embedding of the word " red", sixteen times. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PromptPiece } from "../../src/engine/pieces.ts";
import type { GgufValue } from "../../src/models/gguf/value.ts";
import { COLOUR_CELLS, COLOURS } from "../support/colour-projector.ts";
import { colourProjector, slowColourProjector, smollm2 } from "../support/models.ts";
import { pictureOf } from "../support/pictures.ts";
import { TestRunner } from "../support/real-runner.ts";
import { rewriteGguf } from "../support/rewrite-gguf.ts";

const LIMIT_MS = 600_000;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llamero-vision-embed-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** SmolLM2 as a model that embeds. */
async function embedderWith(fields: Record<string, GgufValue>): Promise<string> {
  const target = join(folder, `${Bun.hash(JSON.stringify(fields))}.gguf`);
  await rewriteGguf(await smollm2(), target, (old) => new Map([...old, ...Object.entries(fields)]), []);
  return target;
}

const pooled = (type: number) => embedderWith({ "llama.pooling_type": { type: "uint32", value: type } });

const start = async (modelPath: string, more: object = {}): Promise<TestRunner> => {
  const runner = new TestRunner({
    modelPath,
    projectorPath: await colourProjector(),
    contextLength: 2048,
    threads: 1,
    ...more,
  });
  await runner.info;
  return runner;
};

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** " red", and so on, as often as a picture of that colour has cells. */
const wordsFor = async (runner: TestRunner, colour: string): Promise<number[]> =>
  Array<number[]>(COLOUR_CELLS)
    .fill(await runner.tokenize(` ${colour}`))
    .flat();

/** `seesAll`: the order of pictures makes a difference, as it cannot to a first token, which has seen nothing of what follows. */
describe.each<[string, () => Promise<string>, { embeddingOnly: boolean; seesAll: boolean }]>([
  ["a text model, of which the last token counts", smollm2, { embeddingOnly: false, seesAll: true }],
  ["the mean of all cells", () => pooled(1), { embeddingOnly: true, seesAll: true }],
  ["the first cell", () => pooled(2), { embeddingOnly: true, seesAll: false }],
  ["the last cell", () => pooled(3), { embeddingOnly: true, seesAll: true }],
])("%s", (_, model, { embeddingOnly, seesAll }) => {
  let runner: TestRunner;
  beforeAll(async () => {
    runner = await start(await model(), { embeddingOnly });
  }, LIMIT_MS);
  afterAll(() => runner[Symbol.asyncDispose]());

  test("every colour alone is the colour's word", async () => {
    for (const colour of Object.keys(COLOURS)) {
      const seen = await runner.embedPieces(await runner.look(await pictureOf(colour)));
      const [read] = await runner.embed([await wordsFor(runner, colour)]);
      expect(cosine(seen, read!)).toBeGreaterThan(0.99);
    }
  });

  test("so it is between texts, and beside another picture", async () => {
    const [before, between, after] = [
      await runner.tokenize("The ball is"),
      await runner.tokenize(" and the box is"),
      await runner.tokenize(" as I see it."),
    ];
    const red = await runner.look(await pictureOf("red"));
    const blue = await runner.look(await pictureOf("blue"));
    const pieces: PromptPiece[] = [before, ...red, between, ...blue, after];
    const words = [
      ...before,
      ...(await wordsFor(runner, "red")),
      ...between,
      ...(await wordsFor(runner, "blue")),
      ...after,
    ];
    const swapped: PromptPiece[] = [before, ...blue, between, ...red, after];
    const [read] = await runner.embed([words]);
    const [seen, other] = [await runner.embedPieces(pieces), await runner.embedPieces(swapped)];
    expect(cosine(seen, read!)).toBeGreaterThan(0.999);
    expect(await runner.embedPieces(pieces)).toEqual(seen);
    expect(cosine(seen, other) < 0.9999).toBe(seesAll);
  });

  test("texts beside it are embedded as they are alone", async () => {
    const text = await runner.tokenize("The quick brown fox");
    const [alone] = await runner.embed([text]);
    const picture = await runner.look(await pictureOf("green"));
    const both = await Promise.all([
      runner.embedPieces([text, ...picture]),
      runner.embed([text, text]),
      runner.embedPieces([...picture, text]),
      runner.embed([text]),
    ]);
    for (const vector of [...both[1], ...both[3]]) expect(cosine(vector, alone!)).toBeGreaterThan(0.999);
    expect(both[0]).toEqual(await runner.embedPieces([text, ...picture]));
  });
});

test(
  "a model whose tokens read what is behind them says that it cannot",
  async () => {
    const path = await embedderWith({
      "llama.pooling_type": { type: "uint32", value: 1 },
      "llama.attention.causal": { type: "bool", value: false },
    });
    await using runner = await start(path, { embeddingOnly: true });
    const picture = await runner.look(await pictureOf("red"));
    await expect(runner.embedPieces(picture)).rejects.toThrow("this model cannot embed images");
    expect(await runner.embed([[1, 2, 3]])).toHaveLength(1);
  },
  LIMIT_MS,
);

test(
  "what does not fit is refused",
  async () => {
    await using runner = await start(await smollm2(), { contextLength: 64 });
    const picture = await runner.look(await pictureOf("red"));
    const five = [...picture, ...picture, ...picture, ...picture, ...picture];
    await expect(runner.embedPieces(five)).rejects.toThrow("exceeds the context length (80 > 64 tokens)");
  },
  LIMIT_MS,
);

test(
  "one that is cancelled while its picture is encoded leaves nothing behind",
  async () => {
    await using runner = await start(await smollm2(), { projectorPath: await slowColourProjector() });
    const answer = runner.start(await runner.tokenize("Count: 1, 2, 3,"), { numPredict: 500 });
    await answer.started;
    const pieces = await runner.look(await pictureOf("red"));
    const steps = runner.steps.length;
    const { id, reply } = runner.startEmbedding(pieces);
    while (runner.steps.length < steps + 4) await Bun.sleep(1);
    runner.cancel(id);
    runner.forget();
    expect(await reply).toMatchObject({ type: "error", kind: "cancelled" });
    runner.cancel(answer.id);
    while (!runner.lines.some((line) => line.includes("given up"))) await Bun.sleep(1);
    expect(await runner.embedPieces(await runner.look(await pictureOf("red")))).toHaveLength(576);
  },
  LIMIT_MS,
);
