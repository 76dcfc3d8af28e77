/** Pictures embedded by a real server, in both dialects. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { COLOUR_CELLS, COLOURS } from "../support/colour-projector.ts";
import { smollm2 } from "../support/models.ts";
import { pictureOf } from "../support/pictures.ts";
import { createModel, type TestServer } from "../support/server.ts";
import { createEyes, startVisionServer } from "../support/vision-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startVisionServer();
  await createEyes(server, "eyes");
  await createModel(server, "blind", await smollm2());
}, 600_000);
afterAll(() => server[Symbol.asyncDispose]());

const names = Object.keys(COLOURS);
const base64 = async (colour: string): Promise<string> =>
  Buffer.from(await pictureOf(colour)).toString("base64");

async function post(path: string, body: object) {
  const response = await fetch(server.url + path, { method: "POST", body: JSON.stringify(body) });
  return { status: response.status, reply: (await response.json()) as Record<string, unknown> };
}

const vectorsOf = async (body: object): Promise<number[][]> =>
  (await post("/api/embed", { model: "eyes", ...body })).reply.embeddings as number[][];

/** Both have length 1. */
const cosine = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** What each of `vectors` is nearest to, by its number. */
const nearest = (vectors: number[][], shelf: number[][]): number[] =>
  vectors.map((vector) => {
    const likeness = shelf.map((each) => cosine(vector, each));
    return likeness.indexOf(Math.max(...likeness));
  });

test("ten pictures are what the words for them are", async () => {
  // The projector gives a picture the embedding of its word once for each cell.
  const words = await vectorsOf({ input: names.map((name) => ` ${name}`.repeat(COLOUR_CELLS)) });
  const images = await Promise.all(names.map(base64));
  const alike = (vectors: number[][]) => vectors.every((vector, i) => cosine(vector, words[i]!) > 0.99);
  expect(alike(await vectorsOf({ images }))).toBe(true);

  const { reply } = await post("/v1/embeddings", {
    model: "eyes",
    input: images.map((image) => ({ image: `data:image/png;base64,${image}` })),
  });
  const data = reply.data as { embedding: number[] }[];
  expect([data.length, alike(data.map(({ embedding }) => embedding))]).toEqual([10, true]);
  expect(reply.usage).toEqual({ prompt_tokens: 10 * COLOUR_CELLS, total_tokens: 10 * COLOUR_CELLS });
});

test("a picture in a text is what the word in it is", async () => {
  const text = (what: string) => `The ball is${what} and round`;
  const words = await vectorsOf({ input: names.map((name) => text(` ${name}`.repeat(COLOUR_CELLS))) });
  const seen = await vectorsOf({
    input: names.map(() => text("[img]")),
    images: await Promise.all(names.map(base64)),
  });
  expect(nearest(seen, words)).toEqual(names.map((_, index) => index));
});

test("a model without a projector refuses, and what is no picture is refused", async () => {
  const blind = await post("/api/embed", { model: "blind", images: [await base64("red")] });
  expect([blind.status, blind.reply.error]).toEqual([
    400,
    "registry.ollama.ai/library/blind:latest does not support vision",
  ]);
  const torn = Buffer.from(await pictureOf("red", 640)).subarray(0, 300);
  const broken = await post("/api/embed", { model: "eyes", images: [torn.toString("base64")] });
  expect([broken.status, broken.reply.error]).toEqual([
    400,
    expect.stringContaining("the picture could not be decoded"),
  ]);
});
