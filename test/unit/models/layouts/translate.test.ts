import { describe, expect, test } from "bun:test";
import { ggufJsonValue } from "../../../../src/models/gguf/json-value.ts";
import { translate } from "../../../../src/models/layouts/translate.ts";
import { headerOf, type Plain } from "./header.ts";

/** A published file, and what differs in the translated one. */
interface Case {
  layout: string;
  architecture: string;
  keys?: Record<string, Plain>;
  tensors?: Record<string, number[]>;
  /** Keys in full, as `/api/show` prints them. */
  gives?: Record<string, unknown>;
  /** Names of the text model's tensors, in order. */
  names?: string[];
}

const CASES: Case[] = [
  {
    layout: "gptoss",
    architecture: "gptoss",
    keys: { block_count: 1, "tokenizer.ggml.pre": "default" },
    tensors: {
      "blk.0.attn_out.weight": [4, 4],
      "blk.0.attn_out.bias": [4],
      "blk.0.attn_sinks": [4],
      "blk.0.ffn_norm.weight": [4],
      "blk.0.ffn_gate_exps.weight": [4, 6, 2],
    },
    gives: {
      "general.architecture": "gpt-oss",
      "gpt-oss.block_count": 1,
      "gptoss.block_count": undefined,
      "gpt-oss.expert_feed_forward_length": 6,
      "gpt-oss.rope.scaling.type": "yarn",
      "tokenizer.ggml.pre": "gpt-4o",
    },
    names: [
      "blk.0.attn_output.weight",
      "blk.0.attn_output.bias",
      "blk.0.attn_sinks.weight",
      "blk.0.post_attention_norm.weight",
      "blk.0.ffn_gate_exps.weight",
    ],
  },
  {
    layout: "gemma3",
    architecture: "gemma3",
    keys: {
      context_length: 131_072,
      "rope.global.freq_base": 500_000.5,
      "mm.tokens_per_image": 256,
      "tokenizer.ggml.tokens": ["a", "b", "<image>"],
      "tokenizer.ggml.scores": { type: "array", of: "float32", value: [0, 1, 2] },
      "tokenizer.ggml.token_type": [1, 1, 3],
    },
    tensors: { "token_embd.weight": [4, 2], "v.blk.0.ln1.weight": [4], "mm.mm_soft_emb_norm.weight": [4] },
    gives: {
      "gemma3.rope.freq_base": 500_000.5,
      "gemma3.rope.freq_base_swa": 10_000,
      "gemma3.attention.layer_norm_rms_epsilon": 1e-6,
      "gemma3.rope.scaling.type": "linear",
      "gemma3.rope.scaling.factor": 8,
      "tokenizer.ggml.tokens": ["a", "b"],
      "tokenizer.ggml.scores": [0, 1],
      "tokenizer.ggml.token_type": [1, 1],
    },
    names: ["token_embd.weight"],
  },
  {
    layout: "gemma3",
    architecture: "gemma3",
    keys: { context_length: 32_768 },
    gives: { "gemma3.rope.scaling.type": undefined, "gemma3.rope.freq_base": 1_000_000 },
  },
  {
    layout: "embeddinggemma",
    architecture: "gemma3",
    keys: { pooling_type: 1, "attention.causal": false, "attention.sliding_window_pattern": [1] },
    tensors: { "dense.0.weight": [4, 8], "dense.1.weight": [8, 4], "norm.weight": [4] },
    gives: {
      "general.architecture": "gemma-embedding",
      "gemma-embedding.pooling_type": 1,
      "gemma-embedding.attention.causal": undefined,
      "gemma-embedding.attention.sliding_window_pattern": undefined,
      "gemma-embedding.rope.freq_base_swa": 10_000,
      "gemma-embedding.dense_2_feat_in": 4,
      "gemma-embedding.dense_2_feat_out": 8,
      "gemma-embedding.dense_3_feat_in": 8,
      "gemma-embedding.dense_3_feat_out": 4,
    },
    names: ["dense_2.weight", "dense_3.weight", "output_norm.weight"],
  },
  {
    layout: "gemma3n",
    architecture: "gemma3n",
    keys: {
      "tokenizer.ggml.model": "gpt2",
      "tokenizer.ggml.tokens": ["<0x0A>", "<unused0>", "word", "<audio>"],
      "tokenizer.ggml.token_type": [1, 3, 1, 3],
    },
    tensors: { "token_embd.weight": [2, 4], "per_layer_token_embd.weight": [4, 3] },
    gives: {
      "tokenizer.ggml.model": "llama",
      "tokenizer.ggml.tokens": ["<0x0A>", "<unused0>", "word"],
      "tokenizer.ggml.token_type": [6, 1, 1],
      "tokenizer.ggml.eos_token_ids": [1, 106],
    },
    names: ["token_embd.weight", "per_layer_token_embd.weight"],
  },
  {
    layout: "gemma4",
    architecture: "gemma4",
    keys: { "tokenizer.ggml.model": "llama" },
    tensors: {
      "a.conv1d.0.weight": [2],
      "blk.0.ffn_gate_inp.per_expert_scale": [2],
      "model.vision_tower.x": [2],
      "v.patch_embd.weight": [2],
    },
    gives: { "tokenizer.ggml.model": "gemma4" },
    names: ["blk.0.ffn_down_exps.scale"],
  },
  {
    layout: "llama4",
    architecture: "llama4",
    tensors: { "token_embd.weight": [2], "v.x": [2], "mm.y": [2] },
    names: ["token_embd.weight"],
  },
  {
    layout: "mistral3",
    architecture: "mistral3",
    keys: {
      "rope.scaling.beta_fast": 32.5,
      "rope.scaling.beta_slow": 1.5,
      "rope.scaling.mscale_all_dim": 1.25,
      "rope.scaling_beta": 0.5,
    },
    gives: {
      "mistral3.rope.scaling.yarn_beta_fast": 32.5,
      "mistral3.rope.scaling.yarn_beta_slow": 1.5,
      "mistral3.rope.scaling.yarn_log_multiplier": 1.25,
      "mistral3.attention.temperature_scale": 0.5,
      "tokenizer.ggml.pre": "tekken",
    },
  },
  {
    layout: "qwen25vl",
    architecture: "qwen25vl",
    keys: { "rope.mrope_section": [16, 24, 24], context_length: 100 },
    gives: {
      "general.architecture": "qwen2vl",
      "qwen2vl.context_length": 100,
      "qwen2vl.rope.dimension_sections": [16, 24, 24, 0],
    },
  },
  {
    layout: "qwen3vl",
    architecture: "qwen3vlmoe",
    keys: { "vision.deepstack_visual_indexes": [8, 16, 24] },
    gives: {
      "qwen3vlmoe.rope.dimension_sections": [24, 20, 20, 0],
      "qwen3vlmoe.n_deepstack_layers": 3,
    },
  },
  {
    layout: "qwen35",
    architecture: "qwen35",
    keys: { "attention.head_count_kv": [0, 4, 0, 8], "rope.dimension_sections": [11, 11, 10] },
    tensors: { "blk.0.ssm_dt": [4], "mtp.fc.weight": [4, 4], "v.pos_embed.weight": [4] },
    gives: {
      "qwen35.attention.head_count_kv": 8,
      "qwen35.rope.dimension_sections": [11, 11, 10, 0],
    },
    names: ["blk.0.ssm_dt.bias"],
  },
  {
    layout: "qwen35",
    architecture: "qwen35moe",
    keys: { feed_forward_length: 4, "attention.head_count_kv": [0, 0] },
    gives: { "qwen35moe.attention.head_count_kv": 2 },
  },
  {
    layout: "qwen3next",
    architecture: "qwen3next",
    keys: { "attention.head_count_kv": [0, 2] },
    tensors: { "blk.0.ssm_dt": [4] },
    gives: { "qwen3next.attention.head_count_kv": 2 },
    names: ["blk.0.ssm_dt.bias"],
  },
  {
    layout: "lfm2",
    architecture: "lfm2",
    keys: { feed_forward_length: 12_288 },
    tensors: { "output_norm.weight": [4], "blk.0.ffn_gate.weight": [4, 6] },
    gives: { "lfm2.feed_forward_length": 6, "tokenizer.ggml.pre": "lfm2" },
    names: ["token_embd_norm.weight", "blk.0.ffn_gate.weight"],
  },
  {
    layout: "olmo3",
    architecture: "olmo3",
    keys: { "attention.sliding_window": 4096 },
    gives: { "general.architecture": "olmo2", "olmo2.attention.sliding_window": 4096 },
  },
  {
    layout: "glm4moelite",
    architecture: "glm4moelite",
    keys: {
      "attention.key_length": 256,
      "attention.kv_lora_rank": 512,
      "rope.dimension_count": 64,
      "attention.head_count_kv": 20,
      "tokenizer.ggml.eos_token_ids": [154_820, 154_827, 154_829],
    },
    gives: {
      "general.architecture": "deepseek2",
      "deepseek2.attention.head_count_kv": 1,
      "deepseek2.attention.key_length": 576,
      "deepseek2.attention.value_length": 512,
      "deepseek2.attention.key_length_mla": 256,
      "deepseek2.attention.value_length_mla": 256,
      "deepseek2.expert_group_count": 1,
      "deepseek2.expert_group_used_count": 1,
      "tokenizer.ggml.pre": "glm4",
      "tokenizer.ggml.eot_token_id": 154_827,
      "tokenizer.ggml.eom_token_id": 154_829,
    },
  },
  {
    layout: "glmocr",
    architecture: "glmocr",
    keys: { "attention.key_length": 16, "rope.mrope_section": [2, 3, 3], "tokenizer.ggml.pre": "llama-bpe" },
    tensors: {
      "blk.0.attn_out.weight": [4, 4],
      "blk.0.post_attn_norm.weight": [4],
      "blk.0.post_ffn_norm.weight": [4],
      "blk.0.ffn_gate.weight": [4, 6],
      "blk.0.ffn_up.weight": [4, 6],
      "v.blk.0.ffn_gate.weight": [4, 6],
    },
    gives: {
      "general.architecture": "glm4",
      "glm4.rope.dimension_sections": [2, 3, 3, 0],
      "glm4.rope.dimension_count": 16,
      "tokenizer.ggml.pre": "chatglm-bpe",
    },
    names: [
      "blk.0.attn_output.weight",
      "blk.0.post_attention_norm.weight",
      "blk.0.post_ffw_norm.weight",
      "blk.0.ffn_up.weight",
    ],
  },
  {
    layout: "deepseekocr",
    architecture: "deepseekocr",
    tensors: {
      "blk.1.ffn_down_exps.weight": [8, 4, 2],
      "blk.1.ffn_down_shexp.weight": [16, 4],
      "s.position_embd": [4],
    },
    gives: {
      "general.architecture": "deepseek2-ocr",
      "deepseek2-ocr.attention.layer_norm_rms_epsilon": 1e-6,
      "deepseek2-ocr.expert_feed_forward_length": 8,
      "deepseek2-ocr.expert_shared_count": 2,
    },
    names: ["blk.1.ffn_down_exps.weight", "blk.1.ffn_down_shexp.weight"],
  },
  {
    layout: "nemotron_h_moe",
    architecture: "nemotron_h_moe",
    tensors: { "blk.1.ffn_latent_in.weight": [8, 4], "blk.1.ffn_latent_out.weight": [4, 8], "mtp.x": [4] },
    gives: { "nemotron_h_moe.moe_latent_size": 4 },
    names: ["blk.1.ffn_latent_down.weight", "blk.1.ffn_latent_up.weight"],
  },
  {
    layout: "nemotron_h_omni",
    architecture: "nemotron_h_omni",
    keys: { expert_count: 8, block_count: 3 },
    tensors: { "a.x": [4], "v.x": [4], "mm.x": [4], "blk.0.attn_norm.weight": [4] },
    gives: { "general.architecture": "nemotron_h_moe", "nemotron_h_moe.block_count": 3 },
    names: ["blk.0.attn_norm.weight"],
  },
  {
    layout: "nemotron_h_omni",
    architecture: "nemotron_h_omni",
    tensors: { "v.x": [4] },
    gives: { "general.architecture": "nemotron_h" },
    names: [],
  },
  {
    layout: "laguna",
    architecture: "laguna",
    keys: { "rope.swa.dimension_count": 64, "rope.swa.freq_base": 10_000.5 },
    tensors: { "blk.0.attn_g.weight": [4] },
    gives: { "laguna.rope.dimension_count_swa": 64, "laguna.rope.freq_base_swa": 10_000.5 },
    names: ["blk.0.attn_gate.weight"],
  },
  {
    layout: "snowflake-arctic-embed2",
    architecture: "bert",
    keys: { "tokenizer.ggml.model": "t5", "tokenizer.ggml.precompiled_charsmap": [..."AAEC/w=="] },
    gives: { "tokenizer.ggml.precompiled_charsmap": [0, 1, 2, 255] },
  },
];

describe("translate", () => {
  for (const { layout, architecture, keys = {}, tensors = {}, gives = {}, names } of CASES) {
    test(`${layout} (${architecture})`, () => {
      const translation = translate(headerOf(architecture, keys, tensors));
      expect(translation?.layout).toBe(layout);
      for (const [key, expected] of Object.entries(gives)) {
        const found = translation?.metadata.get(key);
        expect([key, found && ggufJsonValue(found, true)]).toEqual([key, expected]);
      }
      if (names) expect(translation?.tensors.map(({ name }) => name)).toEqual(names);
    });
  }

  test("Llama 3 is told by its tokens, and gets its tokenizer and its end of turn", () => {
    const tokens = Array.from({ length: 128_256 }, (_, id) => `t${id}`);
    tokens[128_006] = "<|start_header_id|>";
    tokens[128_009] = "<|eot_id|>";
    const keys = { "tokenizer.ggml.tokens": tokens, "tokenizer.ggml.eos_token_id": 128_001 };
    const translation = translate(headerOf("llama", keys));
    expect(translation?.layout).toBe("llama3");
    const gives = ["pre", "eos_token_id", "eot_token_id", "eos_token_ids"].map(
      (key) => translation?.metadata.get(`tokenizer.ggml.${key}`)?.value,
    );
    expect(gives).toEqual(["llama-bpe", 128_009, 128_009, [128_009]]);
    const right = { ...keys, "tokenizer.ggml.pre": "llama-bpe", "tokenizer.ggml.eos_token_id": 128_009 };
    expect(translate(headerOf("llama", right))).toBeUndefined();
    expect(translate(headerOf("llama", { "tokenizer.ggml.eos_token_id": 128_001 }))).toBeUndefined();
  });

  test("two matrices become one, and a matrix is cut, by where their bytes are", () => {
    const stacked = translate(
      headerOf("glmocr", {}, { "blk.0.ffn_up.weight": [4, 6], "blk.0.ffn_gate.weight": [4, 6] }),
    );
    expect(stacked?.tensors).toEqual([
      {
        name: "blk.0.ffn_up.weight",
        type: "F32",
        shape: [4, 12],
        extents: [
          { offset: 4096 + 96, length: 96 },
          { offset: 4096, length: 96 },
        ],
      },
    ]);
    const cut = translate(
      headerOf("gemma3n", {}, { "token_embd.weight": [2, 4], "per_layer_token_embd.weight": [4, 3] }),
    );
    expect(cut?.tensors[0]).toEqual({
      name: "token_embd.weight",
      type: "F32",
      shape: [2, 3],
      extents: [{ offset: 4096, length: 24 }],
    });
  });

  test("what a file says itself is kept", () => {
    const { metadata } = translate(
      headerOf("gptoss", { expert_feed_forward_length: 7, "rope.scaling.type": "none" }),
    )!;
    expect(metadata.get("gpt-oss.expert_feed_forward_length")?.value).toBe(7);
    expect(metadata.get("gpt-oss.rope.scaling.type")?.value).toBe("none");
  });

  test("llama.cpp's own layouts and unknown ones are left alone", () => {
    const own: [string, Record<string, Plain>, Record<string, number[]>][] = [
      ["gpt-oss", {}, { "blk.0.attn_output.weight": [4, 4] }],
      ["gemma3", { "attention.layer_norm_rms_epsilon": 1e-6 }, { "token_embd.weight": [4, 4] }],
      ["gemma3n", {}, { "token_embd.weight": [2, 4], "per_layer_token_embd.weight": [4, 4] }],
      ["gemma4", { "tokenizer.ggml.model": "gemma4" }, {}],
      ["qwen3vl", { "rope.dimension_sections": [24, 20, 20, 0] }, {}],
      ["qwen35", { "rope.dimension_sections": [11, 11, 10, 0] }, { "blk.0.ssm_dt.bias": [4] }],
      ["qwen3next", {}, { "blk.0.ssm_dt.bias": [4] }],
      ["lfm2", {}, { "token_embd_norm.weight": [4] }],
      ["mistral3", { "rope.scaling.yarn_beta_fast": 32 }, {}],
      ["laguna", { "rope.dimension_count_swa": 4 }, { "blk.0.attn_gate.weight": [4] }],
      ["bert", { "tokenizer.ggml.model": "t5", "tokenizer.ggml.precompiled_charsmap": [1, 2] }, {}],
      ["bert", { "tokenizer.ggml.model": "bert" }, {}],
      ["mllama", {}, { "v.blk.0.ln1.weight": [4], "blk.0.attn_q.weight": [4, 4] }],
      ["", {}, {}],
    ];
    for (const [architecture, keys, tensors] of own) {
      expect([architecture, translate(headerOf(architecture, keys, tensors))?.layout]).toEqual([
        architecture,
        undefined,
      ]);
    }
  });

  test("a key of another type than it should have is not taken for a number or a text", () => {
    const hostile = {
      context_length: "long",
      "rope.mrope_section": "none",
      "attention.head_count_kv": ["a"],
      "tokenizer.ggml.tokens": [1, 2],
      "tokenizer.ggml.token_type": "x",
      "tokenizer.ggml.eos_token_ids": "x",
      "vision.deepstack_visual_indexes": 3,
    };
    const shapes = { "token_embd.weight": [4], "per_layer_token_embd.weight": [4, 2], "mtp.x": [] };
    for (const architecture of [
      ...["gptoss", "gemma3", "gemma3n", "qwen25vl", "qwen3vl", "qwen35", "glmocr", "glm4moelite"],
      ...["deepseekocr", "nemotron_h_moe"],
    ]) {
      expect(translate(headerOf(architecture, hostile, shapes))?.tensors.length).toBeGreaterThan(0);
    }
  });
});
