import type { Clock } from "../lib/clock.ts";
import { type BlobSource, NoRanges } from "./blob-source.ts";
import { pause } from "./retrying.ts";

/** What is no larger is fetched without waiting: asking for it costs as much as having it. */
const SMALL_BYTES = 64 * 1024;
/** Slower than any mirror fetches. One that has not stored a blob by then will not. */
const LEAST_BYTES_PER_SECOND = 256 * 1024;
const LEAST_PATIENCE_MS = 60_000;

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Waits until a pull-through mirror has all of a blob. As long as it has not, docker-registry answers every request, whatever its
 * range, with all of the blob from the registry behind it, a copy for each reader, and stores one more on the side (measured with
 * 2.8: one download by one client came to twice the blob's bytes upstream). The first request starts that; it and those that look
 * again are broken off at their headers. A blob that is there is given in ranges.
 */
export async function untilMirrored(
  source: Pick<BlobSource, "range">,
  size: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (size <= SMALL_BYTES) return;
  const patience = Math.max(LEAST_PATIENCE_MS, (size / LEAST_BYTES_PER_SECOND) * 1000);
  for (let waited = 0; waited < patience; ) {
    if (await givesRanges(source, signal)) return;
    // A look costs upstream what is under way when it is broken off, so the longer it takes, the rarer they are.
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
