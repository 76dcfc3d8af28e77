import { AppError } from "../../lib/errors.ts";
import { bodyRoom } from "./body-room.ts";
import { JsonWeight } from "./json-weight.ts";

/** Most bytes of a JSON request: room for a few large images, too little to exhaust memory. */
export const MAX_JSON_BYTES = 64 * 1024 * 1024;

/** Bodies up to this size are read in one go and neither weighed nor counted: nothing of that size can do harm. */
export const SMALL_BYTES = 64 * 1024;

export const bodyTooLarge = (): AppError => new AppError("too_large", "http: request body too large");

const tooSlow = (): AppError =>
  new AppError("bad_request", "the request body comes in too slowly, and others wait for it", {
    status: 408,
  });

/** Collects a body's bytes: into one buffer where the length is known, which spares a copy. */
class Bytes {
  readonly #whole: Uint8Array<ArrayBuffer> | undefined;
  readonly #chunks: Uint8Array[] = [];
  length = 0;

  /** @param announced its length; undefined where only the end tells. */
  constructor(announced: number | undefined) {
    if (announced !== undefined) this.#whole = new Uint8Array(announced);
  }

  add(chunk: Uint8Array): void {
    if (this.#whole === undefined) this.#chunks.push(chunk);
    else this.#whole.set(chunk, this.length);
    this.length += chunk.byteLength;
  }

  /** A buffer of their own. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#whole?.subarray(0, this.length) ?? Bun.concatArrayBuffers(this.#chunks, this.length, true);
  }
}

/**
 * All of a large body, never more than {@link MAX_JSON_BYTES} of it, once there is room for it (see {@link bodyRoom}).
 *
 * @param announced its length. Undefined: unknown; a body that is not small then waits for room for the longest.
 * @throws AppError `too_large`; `busy` when there is no room for too long; 408 when it is too slow and others wait.
 */
export async function readStream(
  request: Request,
  stream: ReadableStream<Uint8Array>,
  announced?: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  let dropped = false;
  const drop = () => {
    dropped = true;
    // What is pending ends with it; a connection that is broken already has nothing to cancel.
    reader.cancel().catch(() => {});
  };
  if (announced !== undefined) await bodyRoom.enter(request, announced, drop);
  const bytes = new Bytes(announced);
  const weight = new JsonWeight();
  let entered = announced !== undefined;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      weight.add(part.value);
      bytes.add(part.value);
      if (bytes.length > MAX_JSON_BYTES) throw bodyTooLarge();
      if (!entered && bytes.length > SMALL_BYTES) {
        await bodyRoom.enter(request, MAX_JSON_BYTES, drop);
        entered = true;
      }
      bodyRoom.progress(request, bytes.length);
    }
  } catch (error) {
    drop();
    throw error;
  }
  if (dropped) throw tooSlow();
  bodyRoom.complete(request, bytes.length);
  return bytes.take();
}
