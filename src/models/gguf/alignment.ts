import { invalidGguf } from "./invalid.ts";
import { DEFAULT_ALIGNMENT, LEAST_ALIGNMENT, MOST_ALIGNMENT } from "./limits.ts";
import type { GgufMetadata } from "./value.ts";

/** The tensor data and every tensor in it begin at a multiple of this many bytes. @throws AppError for an impossible alignment. */
export function alignmentOf(metadata: GgufMetadata): number {
  const entry = metadata.get("general.alignment");
  if (entry === undefined) return DEFAULT_ALIGNMENT;
  if (entry.type !== "uint32") throw invalidGguf("general.alignment is no uint32");
  const powerOfTwo = Number.isInteger(Math.log2(entry.value));
  if (!powerOfTwo || entry.value < LEAST_ALIGNMENT || entry.value > MOST_ALIGNMENT) {
    throw invalidGguf(
      `alignment ${entry.value} is no power of two from ${LEAST_ALIGNMENT} to ${MOST_ALIGNMENT}`,
    );
  }
  return entry.value;
}

/** The first multiple of `alignment` at or after `offset`. */
export const align = (offset: number, alignment: number): number => Math.ceil(offset / alignment) * alignment;
