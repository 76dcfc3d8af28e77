import type { Clock } from "../lib/clock.ts";
import { StallWatch } from "./stall-watch.ts";

export interface BodyReading {
  clock: Clock;
  /** Silence after which the connection is given up, in milliseconds. */
  stallMs: number;
  signal: AbortSignal;
}

/** Opens a body; aborting the given signal ends the connection. */
export type OpenBody = (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>;

/**
 * Reads a body to its end, or until `take` has had enough. The wait for its headers counts as silence too.
 *
 * @param take is called with each piece and awaited; it must not keep a piece, since its memory is freed afterwards. False ends the
 *   reading.
 * @throws AppError `part stalled`; errors of `open`, the connection or `take`; the signal's reason.
 */
export async function readBody(
  open: OpenBody,
  { clock, stallMs, signal }: BodyReading,
  take: (chunk: Uint8Array) => Promise<boolean>,
): Promise<void> {
  const watch = new StallWatch(clock, signal);
  try {
    watch.expect(stallMs);
    const reader = (await open(watch.signal)).getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        watch.rest();
        watch.signal.throwIfAborted();
        if (done) return;
        const more = await take(value);
        giveBack(value);
        if (!more) return;
        watch.expect(stallMs);
      }
    } finally {
      // Otherwise Bun keeps what the other side still sends (bun#32659). A body that has failed cannot be cancelled.
      await reader.cancel().catch(() => {});
    }
  } catch (error) {
    watch.signal.throwIfAborted();
    throw error;
  } finally {
    watch.rest();
  }
}

/**
 * Frees a piece at once. Left to the garbage collector, which sees a small object and not its bytes, the pieces of a fast download
 * pile up: 60 MB of them were measured.
 */
function giveBack({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
