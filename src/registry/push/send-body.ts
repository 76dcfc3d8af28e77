import type { Clock } from "../../lib/clock.ts";
import { upstream } from "../upstream.ts";
import type { UploadSettings } from "./settings.ts";

export interface Sending {
  clock: Clock;
  settings: Pick<UploadSettings, "stallMs" | "replyMs">;
  signal: AbortSignal;
}

/**
 * Sends a body of `length` bytes and waits for the reply; silence ends the connection.
 *
 * @param send makes the request, and tells of each piece that the connection takes how many bytes were taken so far.
 * @throws AppError `part stalled`; what `send` throws; the signal's reason.
 */
export async function sendBody<T>(
  { clock, settings, signal }: Sending,
  length: number,
  send: (taken: (bytes: number) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stalled = new AbortController();
  let callOff = () => {};
  const watch = (ms: number): void => {
    callOff();
    callOff = clock.after(ms, () => stalled.abort(upstream("part stalled")));
  };
  const either = AbortSignal.any([signal, stalled.signal]);
  try {
    watch(settings.stallMs);
    return await send((bytes) => watch(bytes < length ? settings.stallMs : settings.replyMs), either);
  } catch (error) {
    either.throwIfAborted();
    throw error;
  } finally {
    callOff();
  }
}
