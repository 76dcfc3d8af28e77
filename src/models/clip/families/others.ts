import { type HeaderView, numberIn } from "../../layouts/view.ts";
import type { ClipLayout } from "../clip-layout.ts";
import { blocksOf, f32, u32, vision, visionArray } from "../keys.ts";
import { CLIP_DEVIATION, CLIP_MEAN, HALF } from "../normal.ts";
import { interleaveHalves } from "../tensor-edits.ts";
import { type ClipTensor, type ClipTensors, computed, tensorValues } from "../tensors.ts";

export const llama4: ClipLayout = {
  architectures: ["llama4"],
  projector: "llama4",
  projectorKeys: ["clip.projector_type", "clip.vision.projector_type"],
  mean: HALF,
  deviation: HALF,
  activation: "gelu",
  keys(view) {
    const ratio = numberIn(view, "vision.pixel_shuffle_ratio");
    return {
      "attention.layer_norm_epsilon": f32(numberIn(view, "vision.layer_norm_epsilon")),
      "projector.scale_factor": u32(ratio === undefined ? 2 : Math.round(1 / ratio)),
    };
  },
  edit(tensors) {
    tensors.rename(
      ["v.positional_embedding_vlm", "v.position_embd.weight"],
      ["v.vision_adapter.mlp.fc1", "mm.model.mlp.1"],
      ["v.vision_adapter.mlp.fc2", "mm.model.mlp.2"],
      ["mm.linear_1", "mm.model.fc"],
      ["v.class_embedding", "v.class_embd"],
      ["v.layernorm_post", "v.post_ln"],
      ["v.layernorm_pre", "v.pre_ln"],
      ["v.patch_embedding", "v.patch_embd"],
      [".attn_output", ".attn_out"],
      [".attn_norm", ".ln1"],
      [".ffn_norm", ".ln2"],
      [".mlp.fc1", ".ffn_up"],
      [".mlp.fc2", ".ffn_down"],
    );
  },
};

export const mistral3: ClipLayout = {
  architectures: ["mistral3"],
  projector: "pixtral",
  mean: [0.48145467, 0.4578275, 0.40821072],
  deviation: [0.26862955, 0.26130259, 0.2757771],
  activation: "silu",
  keys: (view) => ({
    num_channels: vision(view, "num_channels"),
    spatial_merge_size: u32(numberIn(view, "spatial_merge_size")),
    "attention.layer_norm_epsilon": f32(1e-5),
    "clip.rope.freq_base": f32(numberIn(view, "vision.rope.freq_base")),
  }),
  edit(tensors, view) {
    interleaveHalves(tensors, blocksOf(view), numberIn(view, "vision.attention.head_count") ?? 1);
    const width = numberIn(view, "embedding_length") ?? 0;
    tensors.set(
      "v.token_embd.img_break",
      computed([width], () => new Float32Array(width)),
    );
    tensors.rename(
      ["v.patch_conv", "v.patch_embd"],
      ["v.encoder_norm", "v.pre_ln"],
      [".attn_output", ".attn_out"],
      [".attn_norm", ".ln1"],
      [".ffn_norm", ".ln2"],
      ["mm.linear_1", "mm.1"],
      ["mm.linear_2", "mm.2"],
      ["mm.patch_merger.merging_layer", "mm.patch_merger"],
      ["mm.norm", "mm.input_norm"],
    );
    tensors.floats("v.patch_embd.weight");
  },
};

export const glmocr: ClipLayout = {
  architectures: ["glmocr"],
  projector: "glm4v",
  mean: HALF,
  deviation: HALF,
  activation: "silu",
  keys: (view) => ({
    feed_forward_length: vision(view, "intermediate_size"),
    "attention.layer_norm_epsilon": f32(numberIn(view, "vision.attention.layer_norm_rms_epsilon")),
    projection_dim: vision(view, "out_hidden_size"),
    spatial_merge_size: vision(view, "spatial_merge_size"),
    image_mean: visionArray(view, "image_mean"),
    image_std: visionArray(view, "image_std"),
  }),
  edit(tensors) {
    tensors.rename(
      ["v.patch_embd_0.weight", "v.patch_embd.weight"],
      ["v.patch_embd_1.weight", "v.patch_embd.weight.1"],
    );
    tensors.floats("v.patch_embd.weight", "v.patch_embd.weight.1");
  },
};

export const deepseekocr: ClipLayout = {
  architectures: ["deepseekocr"],
  projector: "deepseekocr",
  mean: HALF,
  deviation: HALF,
  activation: "gelu",
  keys: (view) => ({
    "attention.head_count": vision(view, "head_count"),
    "sam.block_count": u32(numberIn(view, "sam.block_count")),
    "sam.embedding_length": u32(numberIn(view, "sam.embedding_length")),
    "sam.head_count": u32(numberIn(view, "sam.head_count")),
    feed_forward_length: u32(64),
    projection_dim: u32(1280),
    "projector.scale_factor": u32(1),
    window_size: u32(14),
    "attention.layer_norm_epsilon": f32(1e-6),
  }),
  edit(tensors) {
    tensors.rename(
      [/^s\./, "v.sam."],
      [/^v\.sam\.position_embd$/, "v.sam.pos_embd.weight"],
      [".self_attn.out_proj", ".attn_out"],
      [".self_attn.qkv_proj", ".attn_qkv"],
      [".layer_norm1", ".ln1"],
      [".layer_norm2", ".ln2"],
      [".mlp.fc1", ".ffn_up"],
      [".mlp.fc2", ".ffn_down"],
      ["v.pre_layrnorm", "v.pre_ln"],
      [/^(v\.sam\..*)\.attn\.proj/, (_, block = "") => `${block}.attn.out`],
      [/^(v\.sam\..*)\.attn\.rel_pos_h/, (_, block = "") => `${block}.attn.pos_h.weight`],
      [/^(v\.sam\..*)\.attn\.rel_pos_w/, (_, block = "") => `${block}.attn.pos_w.weight`],
      [/^(v\.sam\..*)\.norm1/, (_, block = "") => `${block}.pre_ln`],
      [/^(v\.sam\..*)\.norm2/, (_, block = "") => `${block}.post_ln`],
      ["mm.layers", "mm.model.fc"],
      ["mm.image_newline", "v.image_newline"],
      ["mm.view_seperator", "v.view_seperator"],
    );
    tensors.floats("v.patch_embd.weight", "v.sam.patch_embd.weight", "v.position_embd.weight");
  },
};

const OMNI = { patch: 16, size: 512, width: 1280, channels: 3 } as const;

export const nemotronOmni: ClipLayout = {
  architectures: ["nemotron_h_omni"],
  projector: "nemotron_v2_vl",
  projectorKeys: ["clip.vision.projector_type"],
  mean: CLIP_MEAN,
  deviation: CLIP_DEVIATION,
  activation: "gelu",
  keys(view) {
    const width = numberIn(view, "vision.embedding_length") ?? OMNI.width;
    const counts = ["image_token_id", "image_start_token_id", "image_end_token_id", "max_tiles"];
    const more = [...counts, "min_num_patches", "max_num_patches"];
    return {
      ...Object.fromEntries(more.map((key) => [key, vision(view, key)])),
      block_count: vision(view, "block_count", 32),
      embedding_length: u32(width),
      feed_forward_length: vision(view, "feed_forward_length", 4 * width),
      "attention.head_count": vision(view, "attention.head_count", 16),
      "attention.layer_norm_epsilon": f32(numberIn(view, "vision.attention.layer_norm_epsilon") ?? 1e-6),
      patch_size: vision(view, "patch_size", OMNI.patch),
      image_size: vision(view, "image_size", OMNI.size),
      num_channels: vision(view, "num_channels", OMNI.channels),
      "projector.scale_factor": vision(view, "projector.scale_factor", 2),
      image_mean: visionArray(view, "image_mean"),
      image_std: visionArray(view, "image_std"),
    };
  },
  edit(tensors, view) {
    tensors.rename(
      ["v.cls_embd", "v.class_embd"],
      ["mm.norm.weight", "mm.model.mlp.0.weight"],
      ["mm.1.weight", "mm.model.mlp.1.weight"],
      ["mm.2.weight", "mm.model.mlp.3.weight"],
    );
    tensors.floats("v.class_embd");
    const width = numberIn(view, "vision.embedding_length") ?? OMNI.width;
    unfoldPatches(tensors, view, width);
    resamplePositions(tensors, view, width);
  },
};

/** The patch embedding as a convolution's kernel: the same numbers in the same order. */
function unfoldPatches(tensors: ClipTensors, view: HeaderView, width: number): void {
  const patch = numberIn(view, "vision.patch_size") ?? OMNI.patch;
  const channels = numberIn(view, "vision.num_channels") ?? OMNI.channels;
  const flat = tensors.get("v.patch_embd.weight");
  if (flat === undefined) return;
  const shape = [patch, patch, channels, width];
  tensors.set(
    "v.patch_embd.weight",
    computed(shape, (read) => tensorValues(flat, read)),
  );
}

/** Positions for the picture's own number of patches, between those that the file has: bilinear, corners aligned. */
function resamplePositions(tensors: ClipTensors, view: HeaderView, width: number): void {
  const stored = tensors.take("v.position_embd") ?? tensors.take("v.position_embd.weight");
  if (stored === undefined) return;
  const size = numberIn(view, "vision.image_size") ?? OMNI.size;
  const side = Math.floor(size / (numberIn(view, "vision.patch_size") ?? OMNI.patch));
  tensors.set(
    "v.position_embd.weight",
    computed([width, side * side], async (read) =>
      resample(await tensorValues(stored, read), stored, width, side),
    ),
  );
}

function resample(values: Float32Array, { shape }: ClipTensor, width: number, side: number): Float32Array {
  const positions = values.length / width;
  const from = Math.round(Math.sqrt(positions));
  const rowMajor = shape.find((dimension) => dimension !== 1) === width;
  const at = (position: number, unit: number) =>
    rowMajor ? values[position * width + unit]! : values[unit * positions + position]!;
  const out = new Float32Array(width * side * side);
  const place = (i: number) => (side === 1 ? 0 : (i * (from - 1)) / (side - 1));
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [top, left] = [Math.floor(place(y)), Math.floor(place(x))];
      const [bottom, right] = [Math.min(top + 1, from - 1), Math.min(left + 1, from - 1)];
      const [down, across] = [place(y) - top, place(x) - left];
      for (let unit = 0; unit < width; unit++) {
        const upper = at(top * from + left, unit) * (1 - across) + at(top * from + right, unit) * across;
        const lower =
          at(bottom * from + left, unit) * (1 - across) + at(bottom * from + right, unit) * across;
        out[(y * side + x) * width + unit] = upper * (1 - down) + lower * down;
      }
    }
  }
  return out;
}
