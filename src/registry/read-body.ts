import type { Clock } from "../lib/clock.ts";
import { upstream } from "./upstream.ts";

export interface Reading {
  clock: Clock;
  /** Silence after which the connection is given up, in milliseconds. */
  stallMs: number;
  signal: AbortSignal;
}

/** Opens a body; the signal that it is given ends the connection. */
export type OpenBody = (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>;

/**
 * Reads a body to its end, or until `take` has had enough. The wait for its headers counts as silence too.
 *
 * @param take is given each piece, and waited for; false ends the reading.
 * @throws AppError `part stalled`; what `open`, the connection or `take` throws; the signal's reason.
 */
export async function readBody(
  open: OpenBody,
  { clock, stallMs, signal }: Reading,
  take: (chunk: Uint8Array) => Promise<boolean>,
): Promise<void> {
  const stalled = new AbortController();
  let callOff = () => {};
  const watch = () => {
    callOff();
    callOff = clock.after(stallMs, () => stalled.abort(upstream("part stalled")));
  };
  const either = AbortSignal.any([signal, stalled.signal]);
  try {
    watch();
    const reader = (await open(either)).getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        callOff();
        either.throwIfAborted();
        if (done || !(await take(value))) return;
        watch();
      }
    } finally {
      // Otherwise Bun keeps what the other side still sends (bun#32659). A body that has failed cannot be cancelled.
      await reader.cancel().catch(() => {});
    }
  } catch (error) {
    either.throwIfAborted();
    throw error;
  } finally {
    callOff();
  }
}
