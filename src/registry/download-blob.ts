import type { Clock } from "../lib/clock.ts";
import { type Digest, digestOfHex } from "../lib/digest.ts";
import type { Store } from "../store/store.ts";
import { BlobSource, NoRanges, type WantedBlob } from "./blob-source.ts";
import { type FetchContext, fetchParts, fetchWhole } from "./fetch-parts.ts";
import { hashRange } from "./hash-range.ts";
import { type LivePart, PartLedger } from "./part-ledger.ts";
import { partBytes, planParts } from "./plan-parts.ts";
import type { BlobProgress } from "./progress.ts";
import type { RegistrySession } from "./session.ts";
import type { DownloadSettings } from "./settings.ts";
import type { Slots } from "./slots.ts";
import { upstream } from "./upstream.ts";

export interface DownloadDeps {
  store: Store;
  clock: Clock;
  slots: Slots;
  settings: DownloadSettings;
}

/** A blob of a repository, `/v2/<namespace>/<model>`. */
export interface RemoteBlob extends WantedBlob {
  session: RegistrySession;
  repository: string;
}

/**
 * Fetches a blob, or the rest of one, and makes it a blob of the store once its content is right.
 *
 * @throws AppError `digest mismatch, …` when the source does not have the right content; then nothing is kept. What was fetched
 *   before any other failure is kept for the next time.
 */
export async function downloadBlob(
  { store, clock, slots, settings }: DownloadDeps,
  { digest, size, session, repository }: RemoteBlob,
  progress: BlobProgress,
  signal: AbortSignal,
): Promise<void> {
  await using partial = await store.partials.open(digest, size, planParts(size));
  const ledger = new PartLedger(partial, Math.ceil(partBytes(size) / 2), (done) => progress.advance(done));
  const source = new BlobSource(session, repository, { digest, size });
  const context = { source, partial, ledger, slots, settings, clock, stallMs: settings.stallMs, signal };
  await fetchMissing(context);
  progress.verify();
  if ((await digestOf(context)) !== digest && !(await mend(context, digest))) {
    const found = await digestOf(context);
    await partial.discard();
    throw upstream(`digest mismatch, file must be downloaded again: want ${digest}, got ${found}`);
  }
  await partial.promote();
  progress.finish();
}

async function fetchMissing(context: FetchContext): Promise<void> {
  try {
    await fetchParts(context, context.ledger.incomplete);
  } catch (error) {
    if (!(error instanceof NoRanges)) throw error;
    await fetchWhole(context);
  }
}

async function digestOf({ ledger, partial, signal }: FetchContext): Promise<Digest> {
  const hasher = new Bun.CryptoHasher("sha256");
  for (const { offset, length } of ledger.parts) await hashRange(partial, offset, length, hasher, signal);
  return digestOfHex(hasher.digest("hex"));
}

/**
 * Looks for the parts that are wrong. First those that no longer are what came: the disk or another program has changed them. If
 * none is, the source has sent something wrong: parts are fetched again, a few at a time, until one that comes out different
 * makes the whole right.
 *
 * @returns whether the content is right.
 */
async function mend(context: FetchContext, want: Digest): Promise<boolean> {
  const changed = await changedParts(context);
  if (changed.length > 0) {
    await refetch(context, changed);
    if ((await digestOf(context)) === want) return true;
  }
  const { parts } = context.ledger;
  const width = context.settings.connections;
  for (let at = 0; at < parts.length; at += width) {
    const batch = parts.slice(at, at + width);
    const before = batch.map(({ sha256 }) => sha256);
    await refetch(context, batch);
    const differs = batch.some(({ sha256 }, index) => sha256 !== before[index]);
    if (differs && (await digestOf(context)) === want) return true;
  }
  return false;
}

async function changedParts({ ledger, partial, signal }: FetchContext): Promise<LivePart[]> {
  const changed: LivePart[] = [];
  for (const part of ledger.parts) {
    const hasher = new Bun.CryptoHasher("sha256");
    await hashRange(partial, part.offset, part.length, hasher, signal);
    if (hasher.digest("hex") !== part.sha256) changed.push(part);
  }
  return changed;
}

async function refetch(context: FetchContext, parts: readonly LivePart[]): Promise<void> {
  for (const part of parts) context.ledger.reset(part);
  await context.ledger.save();
  await fetchMissing(context);
}
