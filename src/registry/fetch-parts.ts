import type { Partial } from "../store/partials.ts";
import type { BlobSource } from "./blob-source.ts";
import { hashRange } from "./hash-range.ts";
import type { LivePart, PartLedger } from "./part-ledger.ts";
import { type BodyReading, readBody } from "./read-body.ts";
import { retrying } from "./retrying.ts";
import type { DownloadSettings } from "./settings.ts";
import type { Slots } from "./slots.ts";
import { upstream } from "./upstream.ts";

/** The parts that fetching a blob works with. */
export interface FetchContext extends BodyReading {
  source: BlobSource;
  partial: Partial;
  ledger: PartLedger;
  slots: Slots;
  settings: DownloadSettings;
}

/**
 * Fetches parts side by side, each from where it was left. Fetched bytes are noted, also after a failure.
 * @throws the first failure, when all parts have stopped.
 */
export async function fetchParts(context: FetchContext, parts: readonly LivePart[]): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  const queue = [...parts];
  const work = async (): Promise<void> => {
    for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
      await fetchPart({ ...context, signal }, part);
    }
  };
  const workers = Array.from({ length: Math.min(context.settings.connections, parts.length) }, () =>
    work().catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(workers);
  await context.ledger.save();
  context.signal.throwIfAborted();
  failed.signal.throwIfAborted();
}

async function fetchPart(context: FetchContext, part: LivePart): Promise<void> {
  const { source, partial, ledger, slots, signal } = context;
  const hasher = new Bun.CryptoHasher("sha256");
  await hashRange(partial, part.offset, part.done, [hasher]);
  const attempt = async (): Promise<void> => {
    if (part.done === part.length) return;
    const [start, end] = [part.offset + part.done, part.offset + part.length];
    await readBody(
      (stop) => source.range(start, end, stop),
      context,
      async (chunk) => {
        const room = part.length - part.done;
        if (chunk.byteLength > room) throw upstream("the registry sends more than it was asked for");
        hasher.update(chunk);
        await ledger.append(part, chunk);
        return true;
      },
    );
    if (part.done < part.length) throw upstream("unexpected EOF");
  };
  await retrying(
    context,
    () => part.done,
    () => slots.run(signal, attempt),
  );
  ledger.complete(part, hasher.digest("hex"));
}

/**
 * Fetches the missing bytes over one connection from the blob's beginning, where the server does not serve ranges. Bytes that are there
 * are not written again.
 */
export async function fetchWhole(context: FetchContext): Promise<void> {
  const { source, ledger, slots, signal } = context;
  const done = (): number => ledger.parts.reduce((sum, part) => sum + part.done, 0);
  const attempt = async (): Promise<void> => {
    let at = 0;
    await readBody(
      (stop) => source.whole(stop),
      context,
      async (chunk) => {
        await appendAll(ledger, chunk, at);
        at += chunk.byteLength;
        return ledger.parts.some((part) => part.done < part.length);
      },
    );
    if (ledger.parts.some((part) => part.done < part.length)) throw upstream("unexpected EOF");
  };
  await retrying(context, done, () => slots.run(signal, attempt)).finally(() => ledger.save());
  for (const part of ledger.incomplete) {
    const hasher = new Bun.CryptoHasher("sha256");
    await hashRange(context.partial, part.offset, part.length, [hasher]);
    ledger.complete(part, hasher.digest("hex"));
  }
  await ledger.save();
}

/** Writes those bytes of a piece at `at` that the parts in its range do not have. */
async function appendAll(ledger: PartLedger, chunk: Uint8Array, at: number): Promise<void> {
  const end = at + chunk.byteLength;
  for (const part of ledger.parts) {
    if (part.offset >= end) return;
    const from = part.offset + part.done;
    const to = Math.min(end, part.offset + part.length);
    if (from >= at && from < to) await ledger.append(part, chunk.subarray(from - at, to - at));
  }
}
