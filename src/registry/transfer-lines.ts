import type { Clock } from "../lib/clock.ts";
import { hexOf } from "../lib/digest.ts";
import type { BlobProgress, TransferProgress } from "./progress.ts";
import type { PullStatus } from "./puller.ts";

/** Least time between two looks at a transfer that is under way, in milliseconds (docs/behaviour: registry-and-store §6). */
const EVERY_MS = 60;

/**
 * The lines that a client gets of a pull or push: each layer's progress, when it has changed since the last line about it, and new lines of
 * status. A client that reads slowly gets fewer lines; one that joins late gets all at once.
 *
 * @param verb the word for a layer under way, e.g. `pulling`.
 * @param ended the end of the transfer. @throws its rejection.
 */
export async function* transferLines(
  verb: string,
  progress: TransferProgress,
  ended: Promise<void>,
  clock: Clock,
): AsyncGenerator<PullStatus> {
  const told = new Map<BlobProgress, number>();
  let said = 0;
  let over = false;
  const end = ended.finally(() => {
    over = true;
    progress.changes.notify();
  });
  // Awaited at the end; a client that leaves earlier never sees the rejection.
  end.catch(() => {});
  for (;;) {
    const last = over;
    const change = progress.changes.next();
    const { statuses } = progress;
    if (said === 0 && statuses[0] !== undefined) yield { status: statuses[said++]! };
    for (const blob of progress.blobs) {
      if (told.get(blob) === blob.completed) continue;
      told.set(blob, blob.completed);
      yield layerLine(verb, blob);
    }
    while (said < statuses.length) yield { status: statuses[said++]! };
    if (last) return await end;
    if (!over) await change;
    if (!over) await pause(clock);
  }
}

function layerLine(verb: string, { digest, total, completed }: BlobProgress): PullStatus {
  const line = { status: `${verb} ${hexOf(digest).slice(0, 12)}`, digest, total };
  return completed === 0 ? line : { ...line, completed };
}

const pause = (clock: Clock): Promise<void> => new Promise((resolve) => void clock.after(EVERY_MS, resolve));
