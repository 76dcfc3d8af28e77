import type { PartPlan } from "../store/pull-blobs.ts";

const PARTS = 16;
const MIB = 2 ** 20;
const LEAST_BYTES = MIB;
/** More would be fetched again after a crash, and less would make requests dear on a line with a long way. */
const MOST_BYTES = 32 * MIB;

/**
 * How a blob is cut to be fetched: a sixteenth of it each, from 1 to 32 MiB, the last one whatever is left. Ollama's parts are
 * 100 to 1000 MB; smaller ones cost a few more requests and lose less.
 */
export function planParts(size: number): PartPlan[] {
  const length = downloadPartBytes(size);
  const count = Math.ceil(size / length);
  return Array.from({ length: count }, (_, index) => ({
    offset: index * length,
    length: Math.min(length, size - index * length),
  }));
}

/** Length of a part of a blob of `size` bytes. */
export const downloadPartBytes = (size: number): number => partLength(size, LEAST_BYTES, MOST_BYTES);

/** Length of a part of a blob of `size` bytes: a sixteenth of it, from `least` to `most` bytes. */
export const partLength = (size: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, Math.ceil(size / PARTS)));
