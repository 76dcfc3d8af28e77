import { readFileSync, readlinkSync } from "node:fs";

/** Where Linux tells what the calling thread is, and how long a thread has been computing. */
const THREAD_SELF = "/proc/thread-self";

/** The calling thread, for {@link threadMillis}; undefined where the system does not tell. */
export function ownThread(): string | undefined {
  try {
    return readlinkSync(THREAD_SELF);
  } catch {
    return undefined;
  }
}

/** Processor time that a thread of this process has taken so far, in milliseconds; undefined where the system does not tell. */
export function threadMillis(thread: string | undefined): number | undefined {
  if (thread === undefined) return undefined;
  try {
    return Number(readFileSync(`/proc/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    return undefined;
  }
}
