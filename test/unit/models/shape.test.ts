import { expect, test } from "bun:test";
import { shapeOf } from "../../../src/models/shape.ts";

type Tensor = [string, string, number[]];

const embeddings: Tensor = ["token_embd.weight", "Q8_0", [64, 320]];
const layer = (at: number): Tensor[] => [
  [`blk.${at}.attn_q.weight`, "F16", [64, 64]],
  [`blk.${at}.attn_k.weight`, "F16", [64, 32]],
  [`blk.${at}.attn_v.weight`, "F16", [64, 16]],
  [`blk.${at}.ffn_up.weight`, "F16", [64, 128]],
  [`blk.${at}.ffn_gate.weight`, "F16", [64, 128]],
];
const header = (architecture: string, more: object = {}) => ({
  "general.architecture": architecture,
  [`${architecture}.block_count`]: 2,
  [`${architecture}.embedding_length`]: 64,
  ...more,
});

test("weights, cache and widths by the tensors", () => {
  const shape = shapeOf(header("llama"), [embeddings, ...layer(0), ...layer(1)]);
  expect(shape).toEqual({
    weightsBytes: (64 * 320 * 34) / 32 + 2 * 2 * 64 * (64 + 32 + 16 + 128 + 128),
    tiedOutputBytes: (64 * 320 * 34) / 32,
    tiedOutputType: "Q8_0",
    vocabSize: 320,
    embeddingLength: 64,
    cacheWidth: 2 * (32 + 16),
    stateWidth: 0,
    queryWidth: 64,
    feedForwardWidth: 256,
    masks: 1,
  });
});

test("an output of its own is not tied, and a model that pools has no cache", () => {
  const own: Tensor = ["output.weight", "F16", [64, 320]];
  expect(shapeOf(header("llama"), [embeddings, own]).tiedOutputBytes).toBe(0);
  const pooled = shapeOf(header("bert", { "bert.pooling_type": 1 }), [embeddings, ...layer(0)]);
  expect(pooled).toMatchObject({ cacheWidth: 0, tiedOutputBytes: 0 });
});

test("fused attention, latent attention, and layers that are recurrent", () => {
  const fused = shapeOf(header("phi3"), [
    ["blk.0.attn_qkv.weight", "F16", [64, 64 + 2 * 32]],
    ["blk.0.attn_output.weight", "F16", [64, 64]],
  ]);
  expect(fused).toMatchObject({ cacheWidth: 64, queryWidth: 64 });
  const latent = shapeOf(header("deepseek2"), [["blk.0.attn_kv_a_mqa.weight", "F16", [64, 576]]]);
  expect(latent.cacheWidth).toBe(576);
  const hybrid = header("lfm2", { "lfm2.shortconv.l_cache": 3 });
  const mixed = shapeOf(hybrid, [...layer(0), ["blk.1.shortconv.conv.weight", "F32", [3, 64]]]);
  expect(mixed).toMatchObject({ cacheWidth: 48, stateWidth: 2 * 64 });
});

test("layers that attend to a window beside others that attend to everything need two masks", () => {
  const blocks = (count: number) => header("gemma3", { "gemma3.block_count": count });
  expect(shapeOf(blocks(2), []).masks).toBe(1);
  expect(shapeOf(blocks(6), []).masks).toBe(2);
  expect(shapeOf(header("olmo2", { "olmo2.attention.sliding_window_pattern": null }), []).masks).toBe(2);
});

test("a header that says two thousand million layers costs no more than its tensors", () => {
  const tensors = [embeddings, ...layer(0), ...layer(1)];
  const before = process.cpuUsage();
  const shape = shapeOf(header("llama", { "llama.block_count": 2 ** 31 - 1 }), tensors);
  const { user } = process.cpuUsage(before);
  expect(shape.cacheWidth).toBe(2 * (32 + 16));
  expect(user).toBeLessThan(1_000_000);
});
