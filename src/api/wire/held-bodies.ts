import { AppError } from "../../lib/errors.ts";

/** Most bytes of large bodies at once, from their first byte until their requests have been answered. */
const MOST_HELD = 256 * 1024 * 1024;

const heldBy = new WeakMap<Request, number>();
let held = 0;

/**
 * Takes account of bytes of a body that have come in. A body costs memory for as long as its request takes: its prompt and its images
 * are needed until they have been evaluated.
 *
 * @throws AppError `busy` when all requests together hold too much; the client may try again.
 */
export function holdBody(request: Request, bytes: number): void {
  if (held + bytes > MOST_HELD) throw new AppError("busy", "server busy, too many large requests at once");
  held += bytes;
  heldBy.set(request, (heldBy.get(request) ?? 0) + bytes);
}

/** To be called once a request has been answered, its stream included. */
export function releaseBody(request: Request): void {
  held -= heldBy.get(request) ?? 0;
  heldBy.delete(request);
}
