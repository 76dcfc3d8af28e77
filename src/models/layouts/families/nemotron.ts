import { uint32 } from "../../gguf/value.ts";
import { become, inject } from "../key-edits.ts";
import type { Layout } from "../layout.ts";
import { anyOf, tensors } from "../markers.ts";
import { hide, rename } from "../tensor-edits.ts";
import type { Edit } from "../view.ts";
import { numberIn } from "../view.ts";

const LATENT_IN = /^blk\.\d+\.ffn_latent_in\.weight$/;

/** A mixture whose experts work in a smaller space than the rest. */
const latentExperts: readonly Edit[] = [
  inject("moe_latent_size", ({ tensors }) => {
    const rows = tensors.values().find(({ name }) => LATENT_IN.test(name))?.shape[1];
    return rows === undefined ? undefined : uint32(rows);
  }),
  rename(".ffn_latent_in", ".ffn_latent_down"),
  rename(".ffn_latent_out", ".ffn_latent_up"),
  hide("mtp."),
];

export const nemotronHMoe: Layout = {
  name: "nemotron_h_moe",
  architectures: ["nemotron_h_moe"],
  marked: anyOf(tensors("blk.0.ffn_latent_in"), tensors("blk.1.ffn_latent_in"), tensors("mtp.")),
  edits: latentExperts,
};

/** With encoders of images and sound. */
export const nemotronHOmni: Layout = {
  name: "nemotron_h_omni",
  architectures: ["nemotron_h_omni"],
  marked: anyOf(tensors("v."), tensors("a."), tensors("mm.")),
  edits: [
    become((view) => {
      const experts = [numberIn(view, "expert_count"), numberIn(view, "expert_used_count")];
      return experts.some((count) => count !== undefined && count > 0) ? "nemotron_h_moe" : "nemotron_h";
    }),
    hide("a.", "v.", "mm."),
    ...latentExperts,
  ],
};
