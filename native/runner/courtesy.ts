import { getPriority, setPriority } from "node:os";

/** Of two threads that want one core the other one gets nine tenths of it. Alone it gets everything, as always. */
const NICE = 10;

/**
 * A runner that only embeds or ranks lets the others on this machine compute first: answers that somebody reads as they are written
 * (and the server itself) are not held up by documents that are being indexed. Threads that are started later have it too; it does
 * nothing for the work of a GPU.
 */
export function letOthersFirst(): void {
  // A server that was itself started with a lower priority keeps it; to raise one takes root.
  if (getPriority() < NICE) setPriority(NICE);
}
