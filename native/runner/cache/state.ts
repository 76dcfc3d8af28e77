import { ptr, type Shim } from "../shim.ts";

/** A larger state is not saved: one buffer must hold it. */
const MOST_BYTES = 2 ** 32 - 1;

export interface StateOptions {
  /** Only the part that cannot be cut. */
  partial: boolean;
}

/** Bytes that {@link saveState} would give. */
export const stateSize = (shim: Shim, slot: number, { partial }: StateOptions): number =>
  Number(shim.shim_state_size(slot, partial));

/** A slot's state, copied out of the context; undefined when llama.cpp could not give it. */
export function saveState(shim: Shim, slot: number, { partial }: StateOptions): Uint8Array | undefined {
  const size = stateSize(shim, slot, { partial });
  if (size === 0 || size > MOST_BYTES) return undefined;
  // Not from Bun's pool, and not zeroed: all of it is written.
  const bytes = Buffer.allocUnsafeSlow(size);
  return Number(shim.shim_state_save(slot, ptr(bytes), size, partial)) === size ? bytes : undefined;
}

/** Puts a state into a slot. False: llama.cpp refused it, and the slot has to be cleared. */
export function loadState(shim: Shim, slot: number, bytes: Uint8Array, { partial }: StateOptions): boolean {
  return Number(shim.shim_state_load(slot, ptr(bytes), bytes.byteLength, partial)) === bytes.byteLength;
}
