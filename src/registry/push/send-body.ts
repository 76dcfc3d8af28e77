import type { Clock } from "../../lib/clock.ts";
import { StallWatch } from "../stall-watch.ts";
import type { UploadSettings } from "./settings.ts";

export interface Sending {
  clock: Clock;
  settings: Pick<UploadSettings, "stallMs" | "replyMs">;
  signal: AbortSignal;
}

/**
 * Sends a body of `length` bytes and waits for the reply; silence ends the connection.
 *
 * @param send makes the request, and reports after each piece how many bytes the connection has taken so far.
 * @throws AppError `part stalled`; the error of `send`; the signal's reason.
 */
export async function sendBody<T>(
  { clock, settings, signal }: Sending,
  length: number,
  send: (taken: (bytes: number) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const watch = new StallWatch(clock, signal);
  const taken = (bytes: number): void => watch.expect(bytes < length ? settings.stallMs : settings.replyMs);
  try {
    watch.expect(settings.stallMs);
    return await send(taken, watch.signal);
  } catch (error) {
    watch.signal.throwIfAborted();
    throw error;
  } finally {
    watch.rest();
  }
}
