import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertSafetensors } from "../../../../src/models/convert/convert.ts";
import { readWithOther } from "./read-gguf.ts";
import { folderOf, tensorOf, valuesOf } from "./tiny-bert.ts";
import {
  decoderWeights,
  HEAD_SIZE,
  type TinyModel,
  tinyDecoder,
  tinyGemma,
  tinyPieces,
  WIDTH,
} from "./tiny-decoder.ts";

let directory: string;
let out: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "llamero-decoders-"));
  out = join(directory, "out.gguf");
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function convert(model: TinyModel, shards = 1) {
  const warnings = await convertSafetensors(
    folderOf(model, shards),
    out,
    { type: "F32" },
    new AbortController().signal,
  );
  return { warnings, ...(await readWithOther(out)) };
}

/** Without the vocabulary and what every file has. */
function hyperparameters(metadata: Record<string, unknown>, architecture: string): Record<string, unknown> {
  const own = Object.entries(metadata).filter(([key]) => key.startsWith(`${architecture}.`));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(architecture.length + 1), value]));
}

const SHAPE = {
  block_count: 2,
  context_length: 32,
  embedding_length: 8,
  feed_forward_length: 6,
  "attention.head_count": 2,
  "attention.head_count_kv": 1,
  "attention.key_length": 4,
  "attention.value_length": 4,
  "attention.layer_norm_rms_epsilon": Math.fround(1e-5),
  "rope.freq_base": 10_000,
};

/** Rows of a head in the order that llama.cpp's `llama` wants: the first of each half, then the second. */
function pairsTogether(values: number[]): number[] {
  const rows = Array.from({ length: values.length / WIDTH }, (_, row) =>
    values.slice(row * WIDTH, (row + 1) * WIDTH),
  );
  const order = rows.map((_, row) => {
    const [head, within] = [Math.floor(row / HEAD_SIZE), row % HEAD_SIZE];
    return head * HEAD_SIZE + Math.floor(within / 2) + (within % 2) * (HEAD_SIZE / 2);
  });
  return order.flatMap((row) => rows[row] ?? []);
}

describe("llama", () => {
  test("hyperparameters, tensors and their order of rows", async () => {
    const model = tinyDecoder("LlamaForCausalLM");
    model.tensors.set("model.layers.0.self_attn.rotary_emb.inv_freq", tensorOf("F32", [2]));
    const { metadata, shapes, values } = await convert(model, 3);
    expect(hyperparameters(metadata, "llama")).toEqual({
      ...SHAPE,
      vocab_size: 10,
      "rope.dimension_count": 4,
    });
    expect(metadata).toMatchObject({ "general.architecture": "llama", "tokenizer.ggml.model": "gpt2" });
    expect(shapes.size).toBe(21);
    const same: [target: string, source: string][] = [
      ["token_embd.weight", "model.embed_tokens.weight"],
      ["output_norm.weight", "model.norm.weight"],
      ["output.weight", "lm_head.weight"],
      ["blk.1.attn_norm.weight", "model.layers.1.input_layernorm.weight"],
      ["blk.1.ffn_norm.weight", "model.layers.1.post_attention_layernorm.weight"],
      ["blk.0.attn_v.weight", "model.layers.0.self_attn.v_proj.weight"],
      ["blk.0.attn_output.weight", "model.layers.0.self_attn.o_proj.weight"],
      ["blk.1.ffn_gate.weight", "model.layers.1.mlp.gate_proj.weight"],
      ["blk.1.ffn_up.weight", "model.layers.1.mlp.up_proj.weight"],
      ["blk.1.ffn_down.weight", "model.layers.1.mlp.down_proj.weight"],
    ];
    for (const [target, source] of same) {
      expect([target, await values(target)]).toEqual([target, valuesOf(model.tensors.get(source))]);
    }
    for (const part of ["q", "k"]) {
      const source = valuesOf(model.tensors.get(`model.layers.1.self_attn.${part}_proj.weight`));
      expect(await values(`blk.1.attn_${part}.weight`)).toEqual(pairsTogether(source));
    }
  });

  test("biases, where config.json says so, in the same order of rows", async () => {
    const attention = ["q", "k", "v", "o"].map((part) => `self_attn.${part}_proj`);
    const feedForward = ["gate", "up", "down"].map((part) => `mlp.${part}_proj`);
    const model = tinyDecoder("LlamaForCausalLM", { biased: [...attention, ...feedForward] });
    Object.assign(model.config, { attention_bias: true, mlp_bias: true });
    const { shapes, values, types } = await convert(model);
    expect(shapes.size).toBe(21 + 2 * 7);
    expect(types.get("blk.0.ffn_up.bias")).toBe("F32");
    const [a, b, c, d, ...second] = valuesOf(model.tensors.get("model.layers.0.self_attn.q_proj.bias"));
    const [e, f, g, h] = second;
    expect<unknown>(await values("blk.0.attn_q.bias")).toEqual([a, c, b, d, e, g, f, h]);
  });

  test("a tied output is the embedding, whether the file repeats it or not", async () => {
    for (const head of [true, false]) {
      const model = tinyDecoder("LlamaForCausalLM", { head });
      model.config.tie_word_embeddings = true;
      expect((await convert(model)).shapes.has("output.weight")).toBe(false);
    }
  });

  test("Llama 3.1's frequencies become a tensor", async () => {
    const model = tinyDecoder("LlamaForCausalLM");
    model.config.rope_scaling = { rope_type: "llama3", factor: 8, original_max_position_embeddings: 16 };
    const { values, shapes } = await convert(model);
    expect(shapes.get("rope_freqs.weight")).toEqual([HEAD_SIZE / 2]);
    // One turn in 2π positions is between the two bounds, one in 628 below both.
    expect((await values("rope_freqs.weight")).map((value) => value.toFixed(3))).toEqual(["1.736", "8.000"]);
  });

  test("with SentencePiece", async () => {
    const model = tinyDecoder("LlamaForCausalLM");
    model.files["tokenizer.model"] = tinyPieces();
    const { metadata } = await convert(model);
    expect(metadata).toMatchObject({ "tokenizer.ggml.model": "llama", "tokenizer.ggml.bos_token_id": 1 });
  });
});

test("qwen2: biases of queries, keys and values; rows as they are; pooling where it is declared", async () => {
  const model = tinyDecoder("Qwen2ForCausalLM", {
    biased: ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
  });
  model.files["modules.json"] = '[{"path":"1_Pooling","type":"sentence_transformers.models.Pooling"}]';
  model.files["1_Pooling/config.json"] = '{"pooling_mode_lasttoken":true}';
  const { metadata, shapes, values } = await convert(model);
  expect(hyperparameters(metadata, "qwen2")).toEqual({ ...SHAPE, pooling_type: 3 });
  expect(shapes.size).toBe(21 + 2 * 3);
  for (const part of ["q_proj.weight", "k_proj.bias"]) {
    const target = `blk.1.attn_${part.replace("_proj", "")}`;
    expect(await values(target)).toEqual(valuesOf(model.tensors.get(`model.layers.1.self_attn.${part}`)));
  }
});

test("qwen3: norms of each head; names without a prefix", async () => {
  const model = tinyDecoder("Qwen3ForCausalLM", { prefix: "", headNorms: true, head: false });
  Object.assign(model.config, { head_dim: HEAD_SIZE, tie_word_embeddings: true });
  const { metadata, shapes, values } = await convert(model);
  expect(hyperparameters(metadata, "qwen3")).toEqual(SHAPE);
  expect(shapes.size).toBe(20 + 2 * 2);
  expect(await values("blk.1.attn_q_norm.weight")).toEqual(
    valuesOf(model.tensors.get("layers.1.self_attn.q_norm.weight")),
  );
});

describe("gemma3", () => {
  const EXPECTED = {
    ...SHAPE,
    "rope.freq_base": 1_000_000,
    "rope.freq_base_swa": 10_000,
    "attention.sliding_window": 16,
  };

  test("its norms are what is added to 1", async () => {
    const model = tinyGemma();
    const { metadata, shapes, values, warnings } = await convert(model);
    expect(warnings).toEqual([]);
    expect(hyperparameters(metadata, "gemma3")).toEqual(EXPECTED);
    expect(metadata["tokenizer.ggml.add_space_prefix"]).toBe(false);
    expect(shapes.size).toBe(2 + 2 * (4 + 7 + 2));
    const moved: [string, string][] = [
      ["output_norm.weight", "norm"],
      ["blk.1.attn_norm.weight", "layers.1.input_layernorm"],
      ["blk.1.post_attention_norm.weight", "layers.1.post_attention_layernorm"],
      ["blk.1.ffn_norm.weight", "layers.1.pre_feedforward_layernorm"],
      ["blk.1.post_ffw_norm.weight", "layers.1.post_feedforward_layernorm"],
      ["blk.0.attn_k_norm.weight", "layers.0.self_attn.k_norm"],
    ];
    for (const [target, source] of moved) {
      const stored = valuesOf(model.tensors.get(`model.${source}.weight`));
      expect([target, await values(target)]).toEqual([target, stored.map((value) => value + 1)]);
    }
    expect(await values("blk.0.attn_q.weight")).toEqual(
      valuesOf(model.tensors.get("model.layers.0.self_attn.q_proj.weight")),
    );
  });

  test.each(["language_model.model.", "model.language_model."])(
    "of a model that sees, the text part is converted, and that is said (%s)",
    async (prefix) => {
      const model = tinyGemma({ sees: true, prefix });
      Object.assign(model.config.text_config as object, {
        final_logit_softcapping: 30,
        rope_scaling: { rope_type: "linear", factor: 8 },
      });
      const { metadata, shapes, warnings } = await convert(model);
      expect(warnings).toEqual(["the model's vision part is left out: only its text part is converted"]);
      expect(hyperparameters(metadata, "gemma3")).toEqual({
        ...EXPECTED,
        "rope.scaling.type": "linear",
        "rope.scaling.factor": 8,
        final_logit_softcapping: 30,
      });
      expect(shapes.size).toBe(28);
    },
  );

  test.each([
    [{ query_pre_attn_scalar: 256 }, "query_pre_attn_scalar 256 is not supported (supported: 4)"],
    [{ sliding_window_pattern: 4 }, "sliding_window_pattern 4 is not supported (supported: 6)"],
    [
      { layer_types: ["sliding_attention", "full_attention"] },
      "layer_types must have full attention in every sixth layer",
    ],
    [
      { hidden_activation: "gelu" },
      'hidden_activation "gelu" is not supported (supported: gelu_pytorch_tanh)',
    ],
    [
      { use_bidirectional_attention: true },
      "use_bidirectional_attention true is not supported (supported: false)",
    ],
  ])("refuses %j", async (changes, message) => {
    const model = tinyGemma();
    Object.assign(model.config, changes);
    await expect(convert(model)).rejects.toThrow(`config.json: ${message}`);
  });

  test("refuses a folder without tokenizer.model", async () => {
    const model = tinyGemma();
    delete model.files["tokenizer.model"];
    await expect(convert(model)).rejects.toThrow("tokenizer.model is missing from the model's files");
  });
});

describe("refused, because llama.cpp would run it differently", () => {
  test.each([
    ["LlamaForCausalLM", { hidden_act: "gelu" }, 'hidden_act "gelu" is not supported (supported: silu)'],
    [
      "LlamaForCausalLM",
      { partial_rotary_factor: 0.5 },
      "partial_rotary_factor 0.5 is not supported (supported: 1)",
    ],
    ["LlamaForCausalLM", { num_attention_heads: 3 }, "hidden_size must be a multiple of num_attention_heads"],
    ["LlamaForCausalLM", { head_dim: 3 }, "head_dim must be even"],
    [
      "LlamaForCausalLM",
      { num_key_value_heads: 4 },
      "num_attention_heads must be a multiple of num_key_value_heads",
    ],
    ["LlamaForCausalLM", { attention_bias: "yes" }, "attention_bias must be true or false"],
    [
      "LlamaForCausalLM",
      { rope_scaling: { rope_type: "longrope" } },
      'rope_scaling "longrope" is not supported (supported: default, linear, yarn, llama3)',
    ],
    [
      "Qwen2ForCausalLM",
      { use_sliding_window: true },
      "use_sliding_window true is not supported (supported: false)",
    ],
    ["Qwen3ForCausalLM", { attention_bias: true }, "attention_bias true is not supported (supported: false)"],
    [
      "Qwen3ForCausalLM",
      { rope_scaling: { type: "llama3" } },
      'rope_scaling "llama3" is not supported (supported: default, linear, yarn)',
    ],
  ])("%s with %j", async (architecture, changes, message) => {
    const model = tinyDecoder(architecture);
    Object.assign(model.config, changes);
    await expect(convert(model)).rejects.toThrow(message);
  });

  test("an output layer that is neither there nor tied", async () => {
    const model = tinyDecoder("LlamaForCausalLM");
    model.tensors = decoderWeights({ head: false });
    await expect(convert(model)).rejects.toThrow(
      'tensor "lm_head.weight" is missing from the model\'s files',
    );
  });
});
