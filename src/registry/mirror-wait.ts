import type { Clock } from "../lib/clock.ts";
import { type BlobSource, NoRanges } from "./blob-source.ts";
import { pause } from "./retrying.ts";

/** Blobs up to this size are fetched without waiting: a look at one costs as much as the blob. */
const SMALL_BYTES = 64 * 1024;
/** Slower than any mirror fetches. A mirror that has not stored a blob at this rate will not. */
const LEAST_BYTES_PER_SECOND = 256 * 1024;
const LEAST_TIMEOUT_MS = 60_000;

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Waits until a pull-through mirror has all of a blob. As long as it has not, docker-registry answers every request, whatever its
 * range, with all of the blob from the registry behind it, a copy for each reader, and stores one more on the side (measured with
 * 2.8: one download by one client came to twice the blob's bytes upstream). The first request starts that; it and later looks are broken
 * off at their headers. A blob that the mirror has stored is served in ranges.
 */
export async function untilMirrored(
  source: Pick<BlobSource, "range">,
  size: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (size <= SMALL_BYTES) return;
  const timeout = Math.max(LEAST_TIMEOUT_MS, (size / LEAST_BYTES_PER_SECOND) * 1000);
  for (let waited = 0; waited < timeout; ) {
    if (await givesRanges(source, signal)) return;
    // Each look costs the bytes that are under way when it is broken off, so the longer it takes, the rarer the looks.
    const ms = Math.min(Math.max(FIRST_PAUSE_MS, waited / 3), LONGEST_PAUSE_MS);
    await pause(clock, ms, signal);
    waited += ms;
  }
}

async function givesRanges(source: Pick<BlobSource, "range">, signal: AbortSignal): Promise<boolean> {
  try {
    const body = await source.range(0, 1, signal);
    await body.cancel();
    return true;
  } catch (error) {
    if (error instanceof NoRanges) return false;
    throw error;
  }
}
