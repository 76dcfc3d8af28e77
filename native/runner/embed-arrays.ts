import type { FromRunner } from "../../src/engine/protocol.ts";
import { type AppError, badRequest } from "../../src/lib/errors.ts";
import { int32At, type Shim } from "./shim.ts";

/** Most sequences in one batch; EMBED_SEQUENCES in load.c. */
export const MAX_SEQUENCES = 64;

/** The shim's batch for inputs that are embedded. */
export interface EmbedArrays {
  /** Entries. */
  capacity: number;
  /** Floats of one vector. */
  width: number;
  tokens: Int32Array;
  positions: Int32Array;
  slots: Int32Array;
  out: Float32Array;
}

/** Opens what embedding needs. @returns undefined when llama.cpp cannot: its last error says why. */
export function openEmbedArrays(shim: Shim): EmbedArrays | undefined {
  const capacity = shim.shim_embed_open();
  if (capacity < 0) return undefined;
  const width = shim.shim_embed_width();
  return {
    capacity,
    width,
    tokens: int32At(shim.shim_embed_tokens(), capacity),
    positions: int32At(shim.shim_embed_positions(), capacity),
    slots: int32At(shim.shim_embed_slots(), capacity),
    out: new Float32Array(MAX_SEQUENCES * width),
  };
}

/** An input of so many tokens does not fit. */
export const tooLong = (length: number, contextLength: number): AppError =>
  badRequest(`the input length exceeds the context length (${length} > ${contextLength} tokens)`);

/** The message for a request that is not embedded. */
export const failed = (id: number, { kind, message }: AppError): FromRunner => ({
  type: "error",
  id,
  kind: kind === "bad_request" || kind === "cancelled" ? kind : "engine",
  message,
});
