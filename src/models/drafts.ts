import type { GgufReadRow } from "../store/model-reads.ts";

/**
 * Architectures of heads, which guess from their model's hidden states: llama.cpp runs them inside of its own server only.
 */
const HEADS: readonly string[] = ["dflash", "eagle3", "gemma4-assistant", "gemma4_assistant"];

type Facts = Pick<GgufReadRow, "architecture" | "poolingType">;

/** Why weights cannot guess for another model; undefined when they can, as far as the books say. */
export function whyNoDraft({ architecture, poolingType }: Facts): string | undefined {
  if (HEADS.includes(architecture))
    return `it is a head (${architecture}) and no model of its own: only whole models are run as drafts`;
  return poolingType === null ? undefined : "it embeds and does not generate text";
}
