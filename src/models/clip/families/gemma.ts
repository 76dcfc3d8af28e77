import { numberIn } from "../../layouts/view.ts";
import type { ClipLayout } from "../clip-layout.ts";
import { f32, u32, vision } from "../keys.ts";
import { HALF } from "../normal.ts";

export const gemma3: ClipLayout = {
  architectures: ["gemma3"],
  projector: "gemma3",
  mean: HALF,
  deviation: HALF,
  activation: "gelu",
  edit(tensors) {
    tensors.rename(
      ["v.patch_embedding", "v.patch_embd"],
      ["v.position_embedding", "v.position_embd"],
      ["v.post_layernorm", "v.post_ln"],
      [".layer_norm1", ".ln1"],
      [".layer_norm2", ".ln2"],
      [".attn_output", ".attn_out"],
      // Crossed, as llama.cpp's own converter has them for this projector.
      [".mlp.fc1", ".ffn_down"],
      [".mlp.fc2", ".ffn_up"],
      ["mm.mm_input_projection", "mm.input_projection"],
      ["mm.mm_soft_emb_norm", "mm.soft_emb_norm"],
    );
    tensors.floats("v.patch_embd.weight", "v.position_embd.weight");
  },
};

export const gemma4: ClipLayout = {
  architectures: ["gemma4"],
  projector: "gemma4v",
  projectorKeys: ["clip.vision.projector_type"],
  mean: [0, 0, 0],
  deviation: [1, 1, 1],
  keys: (view) => ({ image_size: vision(view, "image_size", 224) }),
  edit(tensors) {
    tensors.floats("v.patch_embd.weight");
  },
  audio: {
    projector: "gemma4a",
    keys: (view) => ({
      block_count: u32(numberIn(view, "audio.block_count")),
      embedding_length: u32(numberIn(view, "audio.embedding_length")),
      feed_forward_length: u32(numberIn(view, "audio.feed_forward_length")),
      "attention.head_count": u32(numberIn(view, "audio.attention.head_count")),
      "attention.layer_norm_epsilon": f32(numberIn(view, "audio.attention.layer_norm_epsilon")),
      num_mel_bins: u32(128),
      projection_dim: u32(numberIn(view, "embedding_length")),
    }),
    edit(tensors) {
      tensors.rename(
        [/^a\.pre_encode\.out\.weight$/, "a.input_projection.weight"],
        [/^mm\.a\.fc\.(weight|bias)$/, (_, kind = "") => `a.pre_encode.out.${kind}`],
        [/^(a\.blk\.\d+)\.ln1\.weight$/, (_, block = "") => `${block}.attn_pre_norm.weight`],
        [/^(a\.blk\.\d+)\.ln2\.weight$/, (_, block = "") => `${block}.attn_post_norm.weight`],
        [/^(a\.blk\.\d+)\.layer_pre_norm\.weight$/, (_, block = "") => `${block}.ln2.weight`],
        [/^(a\.blk\.\d+)\.linear_pos\.weight$/, (_, block = "") => `${block}.attn_k_rel.weight`],
      );
    },
  },
};
