import { describe, expect, test } from "bun:test";
import { answerEmbed } from "../../../src/inference/embed.ts";
import type { EmbedIntent } from "../../../src/intent/embed.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { FakeCatalog, fakeModel } from "../../support/fake-catalog.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { BOS, EOS, FakeEngine } from "../../support/fake-engine.ts";
import { inlineJobs } from "../../support/inline-jobs.ts";

const signal = new AbortController().signal;
const codes = (text: string): number[] => Array.from(text, (char) => char.codePointAt(0)!);

const intent = (inputs: string[], fields: Partial<EmbedIntent> = {}): EmbedIntent => ({
  model: "bert",
  inputs,
  truncate: true,
  dimensions: 0,
  normalize: true,
  options: {},
  ...fields,
});

function bert() {
  const engine = new FakeEngine();
  engine.info = { ...engine.info, addsBos: true, addsEos: true, contextLength: 8 };
  const model = fakeModel("bert", { embeddingOnly: true, capabilities: ["embedding"], trainedContext: 8 });
  const deps = {
    engine,
    jobs: inlineJobs(),
    catalog: new FakeCatalog(model),
    clock: new FakeClock(),
    logger: silentLogger,
    pictures: { most: 0, mostBytes: 0, mostPixels: 0 },
    stablePrompts: true,
  };
  return { engine, run: (asked: EmbedIntent) => answerEmbed(asked, deps, { signal }) };
}

test("one vector an input, in order; counts are sums", async () => {
  const { engine, run } = bert();
  engine.vectorOf = (tokens) => new Float32Array([3 * tokens.length, 4 * tokens.length]);
  const result = await run(intent(["a", "bcd"], { keepAlive: 0 }));
  expect(engine.embedded).toEqual([
    [
      [BOS, ...codes("a"), EOS],
      [BOS, ...codes("bcd"), EOS],
    ],
  ]);
  expect(result.embeddings.map((vector) => Array.from(vector))).toEqual([
    Array.from(new Float32Array([0.6, 0.8])),
    Array.from(new Float32Array([0.6, 0.8])),
  ]);
  expect(result).toMatchObject({ promptTokens: 8, loadDuration: 1e6, notices: [] });
  expect(engine.acquired[0]).toMatchObject({ options: { keepAlive: 0 }, spec: { embeddingOnly: true } });
  expect(engine.openLeases).toBe(0);
});

test("no inputs: the model is loaded and nothing else", async () => {
  const { engine, run } = bert();
  expect((await run(intent([]))).embeddings).toEqual([]);
  expect([engine.acquired.length, engine.embedded.length]).toEqual([1, 0]);
});

test("more inputs than a request may have are refused before anything is loaded", async () => {
  const { engine, run } = bert();
  expect((await run(intent(Array.from({ length: 2048 }, () => "a")))).embeddings).toHaveLength(2048);
  const refused = run(intent(Array.from({ length: 2049 }, () => "a")));
  expect(refused).rejects.toThrow("input: there are 2049 inputs, and a request may have 2048");
  expect(engine.acquired).toHaveLength(1);
});

describe("inputs that are too long", () => {
  test("are cut, the end token kept, and the client is told", async () => {
    const { engine, run } = bert();
    const { notices } = await run(intent(["abcdefghij", "ab"]));
    expect(engine.embedded[0]).toEqual([
      [BOS, ...codes("abcdef"), EOS],
      [BOS, ...codes("ab"), EOS],
    ]);
    expect(notices).toEqual([
      { code: "truncated", message: "1 of 2 inputs cut to the context length of 8 tokens" },
    ]);
  });

  test("at the limit they are not", async () => {
    const { engine, run } = bert();
    expect((await run(intent(["abcdef"]))).notices).toEqual([]);
    expect(engine.embedded[0]![0]).toHaveLength(8);
  });

  test("num_ctx 3 leaves one token, although the model is loaded with 4", async () => {
    const { engine, run } = bert();
    await run(intent(["abc"], { options: { num_ctx: 3 } }));
    expect(engine.embedded[0]).toEqual([[BOS, ...codes("a"), EOS]]);
    expect(engine.acquired[0]!.spec.options).toEqual({ numCtx: 4 });
  });

  test.each([1, 2])("num_ctx %i leaves none", async (num_ctx) => {
    const { engine, run } = bert();
    await expect(run(intent(["abc"], { options: { num_ctx } }))).rejects.toThrow(
      "input after truncation exceeds maximum context length",
    );
    expect(engine.openLeases).toBe(0);
  });

  test("are refused when they may not be cut", async () => {
    await expect(bert().run(intent(["abcdefghij"], { truncate: false }))).rejects.toThrow(
      expect.objectContaining({ status: 400, message: "the input length exceeds the context length" }),
    );
  });
});

test("a vector that is no vector fails the request", async () => {
  const { engine, run } = bert();
  engine.vectorOf = () => new Float32Array([Number.NaN]);
  await expect(run(intent(["a"]))).rejects.toThrow("embedding contains NaN or Inf values");
  expect(engine.openLeases).toBe(0);
});

test("an unknown model", async () => {
  await expect(bert().run(intent(["a"], { model: "nope" }))).rejects.toThrow(
    'model "nope" not found, try pulling it first',
  );
});
