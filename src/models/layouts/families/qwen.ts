import { int32s, uint32 } from "../../gguf/value.ts";
import { become, inject, oneKvHeadCount, ropeSections, setKey } from "../key-edits.ts";
import type { Layout } from "../layout.ts";
import { always, anyOf, key, not, tensorEnding, tensors } from "../markers.ts";
import { hide, rename } from "../tensor-edits.ts";
import { architectureOf, arrayIn } from "../view.ts";

export const qwen25vl: Layout = {
  name: "qwen25vl",
  architectures: ["qwen25vl"],
  marked: always,
  edits: [become("qwen2vl"), ropeSections("rope.mrope_section"), hide("v.", "mm.")],
};

export const qwen3vl: Layout = {
  name: "qwen3vl",
  architectures: ["qwen3vl", "qwen3vlmoe"],
  marked: not(key("rope.dimension_sections")),
  edits: [
    setKey("rope.dimension_sections", int32s([24, 20, 20, 0])),
    inject("n_deepstack_layers", (view) =>
      uint32(arrayIn(view, "vision.deepstack_visual_indexes")?.value.length ?? 0),
    ),
    hide("v.", "mm."),
  ],
};

/** The heads that draft further tokens (`mtp.`) are left out: without them the model's own block count holds. */
export const qwen35: Layout = {
  name: "qwen35",
  architectures: ["qwen35", "qwen35moe"],
  marked: anyOf(
    key("vision.block_count"),
    key("image_token_id"),
    key("ssm.v_head_reordered"),
    key("rope.mrope_interleaved"),
    (view) => architectureOf(view) === "qwen35moe" && key("feed_forward_length")(view),
    tensors("mtp."),
    tensors("v."),
  ),
  edits: [
    oneKvHeadCount(2),
    ropeSections("rope.dimension_sections"),
    rename(/\.ssm_dt$/, ".ssm_dt.bias"),
    hide("v.", "mm.", "mtp."),
  ],
};

export const qwen3next: Layout = {
  name: "qwen3next",
  architectures: ["qwen3next"],
  marked: tensorEnding(".ssm_dt"),
  edits: [oneKvHeadCount(0), rename(/\.ssm_dt$/, ".ssm_dt.bias")],
};
