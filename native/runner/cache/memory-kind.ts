import { modelArchitecture, type Shim } from "../shim.ts";

/**
 * How a sequence's memory can be cut. `anywhere`: keys and values, one cell a token. `window`: some layers no longer have the keys and
 * values before their sliding window, or cannot save them. `whole`: a recurrent state, which can only be forgotten as a whole.
 * `closed`: its layout is unknown, so no state is saved or restored.
 */
export type MemoryKind = "anywhere" | "window" | "whole" | "closed";

/** The numbers of `shim_memory_kind`. */
const KINDS: readonly MemoryKind[] = ["anywhere", "window", "whole"];

/** Architectures with compressed states beside their cells, which llama.cpp's partial states do not cover. */
const CLOSED = new Set(["deepseek4"]);

export function memoryKind(shim: Shim): MemoryKind {
  if (CLOSED.has(modelArchitecture(shim))) return "closed";
  return KINDS[shim.shim_memory_kind()] ?? "closed";
}

/** Can the last tokens be taken back that were evaluated? */
export const takesBack = (kind: MemoryKind): boolean => kind === "anywhere" || kind === "window";
