import type { Clock } from "../lib/clock.ts";
import { cancelled } from "../lib/errors.ts";
import type { TransferProgress } from "./progress.ts";
import type { PullStatus } from "./puller.ts";
import type { SharedWork } from "./shared-work.ts";
import { transferLines } from "./transfer-lines.ts";

/** A pull or push as its clients share it. */
export interface SharedTransfer<Progress extends TransferProgress> {
  works: SharedWork<Progress>;
  clock: Clock;
  /** The word for a layer under way in lines of status, e.g. `pulling`. */
  verb: string;
  key: string;
  create(): Progress;
  run(progress: Progress, signal: AbortSignal): Promise<void>;
}

/** Joins a transfer or starts it, and yields its progress. A reader that stops reading leaves the transfer. */
export async function* followTransfer<Progress extends TransferProgress>(
  { works, clock, verb, key, create, run }: SharedTransfer<Progress>,
  signal: AbortSignal,
): AsyncGenerator<PullStatus> {
  const left = new AbortController();
  const { state, ended } = works.join(key, AbortSignal.any([signal, left.signal]), create, run);
  try {
    yield* transferLines(verb, state, ended, clock);
  } finally {
    left.abort(cancelled());
    await ended.catch(() => {});
  }
}
