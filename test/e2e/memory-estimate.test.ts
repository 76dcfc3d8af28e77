/** What is estimated from a header before a load, beside what llama.cpp then allocates. */
import { expect, test } from "bun:test";
import { estimateMemory } from "../../src/engine/memory.ts";
import type { LoadSpec } from "../../src/engine/port.ts";
import type { RunnerLoad } from "../../src/engine/protocol.ts";
import { readGguf } from "../../src/models/gguf-row.ts";
import { shapeOf } from "../../src/models/shape.ts";
import { specFor } from "../support/engine-fixtures.ts";
import { allMiniLm, smollm2, tinyLlama } from "../support/models.ts";
import { pairFiles } from "../support/published/files.ts";
import { EMBEDDING_PAIRS, TEXT_PAIRS } from "../support/published/pairs.ts";
import { TestRunner } from "../support/real-runner.ts";

/** llama.cpp's own rounding, which shows only in models of a few hundred kilobytes. */
const SLACK_BYTES = 128 * 1024;

const LOAD = {
  modelPath: "",
  adapterPaths: [],
  embeddingOnly: false,
  ranks: false,
  contextLength: 2048,
  parallel: 1,
  batchSize: 0,
  gpuLayers: -1,
  threads: 1,
  flashAttention: "auto",
  kvCacheType: "f16",
} satisfies Omit<RunnerLoad, "type">;

async function specOf(path: string): Promise<LoadSpec> {
  const { row } = await readGguf(specFor("m").weightsDigest, path);
  const shape = shapeOf(JSON.parse(row.metadata), JSON.parse(row.tensors));
  const embeddingOnly = row.poolingType !== null;
  return { ...specFor("m"), shape, weightsPath: path, weightsBytes: Bun.file(path).size, embeddingOnly };
}

/** Estimated and allocated bytes. */
async function compare(
  path: string,
  over: Partial<RunnerLoad>,
): Promise<{ estimated: number; used: number }> {
  const spec = await specOf(path);
  const load = { ...LOAD, modelPath: path, embeddingOnly: spec.embeddingOnly, ...over };
  await using runner = new TestRunner(load);
  const { sizeBytes } = await runner.info;
  return { estimated: estimateMemory(spec, load).bytes, used: sizeBytes };
}

const published = (name: string) => async () => (await pairFiles(name)).native;

const MODELS: [string, () => Promise<string>, number[]][] = [
  ["smollm2", smollm2, [2048, 8192]],
  ["a tiny llama", tinyLlama, [2048, 8192]],
  ["all-minilm", allMiniLm, [128, 512]],
  ...Object.keys(TEXT_PAIRS).map((name): [string, () => Promise<string>, number[]] => [
    name,
    published(name),
    [2048, 8192],
  ]),
  ...Object.keys(EMBEDDING_PAIRS).map((name): [string, () => Promise<string>, number[]] => [
    name,
    published(name),
    [128, 512],
  ]),
];

for (const [name, path, contexts] of MODELS) {
  test.each(contexts)(
    `${name} with a context of %i tokens`,
    async (contextLength) => {
      const { estimated, used } = await compare(await path(), { contextLength });
      expect(Math.abs(estimated - used)).toBeLessThan(0.1 * used + SLACK_BYTES);
    },
    120_000,
  );
}

test("a model with a draft", async () => {
  const [path, small] = await Promise.all([smollm2(), smollm2()]);
  const draft = { path: small, contextLength: 2048, batchSize: 64 };
  const target = await specOf(path);
  const load = { ...LOAD, modelPath: path, draft };
  await using runner = new TestRunner(load);
  const { sizeBytes: used } = await runner.info;
  const { shape } = target;
  const spec = { ...target, draft: { path: small, bytes: target.weightsBytes, ...(shape && { shape }) } };
  const estimated = estimateMemory(spec, load).bytes;
  expect(Math.abs(estimated - used)).toBeLessThan(0.1 * used + SLACK_BYTES);
  expect(estimated).toBeGreaterThan(1.5 * estimateMemory(target, { ...LOAD, modelPath: path }).bytes);
}, 120_000);

test("several slots, and a KV cache of eight bits", async () => {
  const { estimated, used } = await compare(await smollm2(), { parallel: 3, kvCacheType: "q8_0" });
  expect(Math.abs(estimated - used)).toBeLessThan(0.1 * used);
}, 120_000);
