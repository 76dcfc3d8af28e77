import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertSafetensors } from "../../../../src/models/convert/convert.ts";
import { readWithOther } from "./read-gguf.ts";
import { folderOf, type TinyBert, tensorOf, tinyBert, valuesOf } from "./tiny-bert.ts";

let directory: string;
let out: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "llamero-nomic-"));
  out = join(directory, "out.gguf");
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** nomic-embed-text in miniature, with the tokenizer of the BERT one. */
function tinyNomic(): TinyBert {
  const model = tinyBert();
  model.config = {
    architectures: ["NomicBertModel"],
    activation_function: "swiglu",
    causal: false,
    layer_norm_epsilon: 1e-12,
    mlp_fc1_bias: false,
    mlp_fc2_bias: false,
    n_embd: 4,
    n_head: 2,
    n_inner: 8,
    n_layer: 2,
    n_positions: 8192,
    prenorm: false,
    qkv_proj_bias: false,
    rotary_emb_base: 1000,
    rotary_emb_fraction: 1,
    rotary_emb_scale_base: null,
    type_vocab_size: 2,
    vocab_size: 10,
  };
  const shapes: [string, number[]][] = [
    ["embeddings.word_embeddings.weight", [10, 4]],
    ["embeddings.token_type_embeddings.weight", [2, 4]],
    ["emb_ln.weight", [4]],
    ["emb_ln.bias", [4]],
  ];
  for (const layer of [0, 1]) {
    const of = (name: string, ...shape: number[]) => shapes.push([`encoder.layers.${layer}.${name}`, shape]);
    of("attn.Wqkv.weight", 12, 4);
    of("attn.out_proj.weight", 4, 4);
    of("mlp.fc11.weight", 8, 4);
    of("mlp.fc12.weight", 8, 4);
    of("mlp.fc2.weight", 4, 8);
    for (const norm of ["norm1", "norm2"]) {
      of(`${norm}.weight`, 4);
      of(`${norm}.bias`, 4);
    }
  }
  model.tensors = new Map(shapes.map(([name, shape], index) => [name, tensorOf("F32", shape, index)]));
  return model;
}

const convert = (model: TinyBert) =>
  convertSafetensors(folderOf(model), out, { type: "F16" }, new AbortController().signal);

test("hyperparameters and every tensor under its name", async () => {
  const model = tinyNomic();
  await convert(model);
  const { metadata, shapes, values } = await readWithOther(out);
  expect(metadata).toMatchObject({
    "general.architecture": "nomic-bert",
    "nomic-bert.block_count": 2,
    "nomic-bert.context_length": 2048,
    "nomic-bert.embedding_length": 4,
    "nomic-bert.feed_forward_length": 8,
    "nomic-bert.attention.head_count": 2,
    "nomic-bert.attention.layer_norm_epsilon": Math.fround(1e-12),
    "nomic-bert.attention.causal": false,
    "nomic-bert.rope.freq_base": 1000,
    "nomic-bert.pooling_type": 1,
    "tokenizer.ggml.token_type_count": 2,
    "tokenizer.ggml.model": "bert",
  });
  expect(shapes.size).toBe(4 + 2 * 9);
  const cases: [target: string, source: string][] = [
    ["token_embd.weight", "embeddings.word_embeddings.weight"],
    ["token_types.weight", "embeddings.token_type_embeddings.weight"],
    ["token_embd_norm.bias", "emb_ln.bias"],
    ["blk.1.attn_qkv.weight", "encoder.layers.1.attn.Wqkv.weight"],
    ["blk.0.attn_output.weight", "encoder.layers.0.attn.out_proj.weight"],
    ["blk.1.ffn_up.weight", "encoder.layers.1.mlp.fc11.weight"],
    ["blk.1.ffn_gate.weight", "encoder.layers.1.mlp.fc12.weight"],
    ["blk.1.ffn_down.weight", "encoder.layers.1.mlp.fc2.weight"],
    ["blk.0.attn_output_norm.weight", "encoder.layers.0.norm1.weight"],
    ["blk.0.layer_output_norm.bias", "encoder.layers.0.norm2.bias"],
  ];
  for (const [target, source] of cases) {
    expect([target, await values(target)]).toEqual([target, valuesOf(model.tensors.get(source))]);
  }
});

test.each([
  [{ moe_every_n_layers: 2 }, "nomic-bert with experts (moe_every_n_layers) is not supported"],
  [{ activation_function: "gelu" }, 'activation_function "gelu" is not supported (supported: swiglu)'],
  [{ qkv_proj_bias: true }, "qkv_proj_bias true is not supported (supported: false)"],
  [{ prenorm: true }, "prenorm true is not supported (supported: false)"],
  [{ rotary_emb_fraction: 0 }, "rotary_emb_fraction 0 is not supported (supported: 1)"],
  [{ n_head: 3 }, "n_embd must be a multiple of n_head"],
])("refuses %j", async (changes, message) => {
  const model = tinyNomic();
  Object.assign(model.config, changes);
  await expect(convert(model)).rejects.toThrow(`config.json: ${message}`);
});
