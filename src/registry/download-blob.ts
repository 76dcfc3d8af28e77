import type { Clock } from "../lib/clock.ts";
import { type Digest, digestOfHex } from "../lib/digest.ts";
import type { Store } from "../store/store.ts";
import { BlobSource, NoRanges, type WantedBlob } from "./blob-source.ts";
import { type FetchContext, fetchParts, fetchWhole } from "./fetch-parts.ts";
import { hashRange } from "./hash-range.ts";
import { untilMirrored } from "./mirror-wait.ts";
import { type LivePart, PartLedger } from "./part-ledger.ts";
import { downloadPartBytes, planParts } from "./plan-parts.ts";
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
  /** The session is with a pull-through mirror. */
  isMirror: boolean;
}

/**
 * Fetches a blob, or the rest of one, and makes it a blob of the store once its digest is right.
 *
 * @throws AppError `digest mismatch, …` when the source does not have the right content; then nothing is kept. After any other failure
 *   the fetched bytes are kept for the next time.
 */
export async function downloadBlob(
  { store, clock, slots, settings }: DownloadDeps,
  { digest, size, session, repository, isMirror }: RemoteBlob,
  progress: BlobProgress,
  signal: AbortSignal,
): Promise<void> {
  await using partial = await store.partials.open(digest, size, planParts(size));
  const ledger = new PartLedger(partial, Math.ceil(downloadPartBytes(size) / 2), (done) =>
    progress.advance(done),
  );
  const source = new BlobSource(session, repository, { digest, size });
  const context = { source, partial, ledger, slots, settings, clock, stallMs: settings.stallMs, signal };
  if (isMirror) await untilMirrored(source, size, clock, signal);
  await fetchMissing(context);
  progress.verify();
  const found = await repaired(context, digest);
  if (found !== digest) {
    await partial.discard();
    throw upstream(`digest mismatch, file must be downloaded again: want ${digest}, got ${found}`);
  }
  await partial.promote();
  progress.finish();
}

/**
 * The digest of the whole content. If it is not the expected one, parts whose bytes differ from those that were received are fetched
 * again (the disk or another program has changed them), and if that does not help, all parts, once.
 */
async function repaired(context: FetchContext, want: Digest): Promise<Digest> {
  let { digest, changed } = await inspect(context);
  if (digest !== want && changed.length > 0) {
    await refetch(context, changed);
    ({ digest } = await inspect(context));
  }
  if (digest !== want) {
    await refetch(context, context.ledger.parts);
    ({ digest } = await inspect(context));
  }
  return digest;
}

async function fetchMissing(context: FetchContext): Promise<void> {
  try {
    await fetchParts(context, context.ledger.incomplete);
  } catch (error) {
    if (!(error instanceof NoRanges)) throw error;
    await fetchWhole(context);
  }
}

/** Hashes the file as a whole and part by part, to find parts that differ from the bytes that were received. */
async function inspect({
  ledger,
  partial,
  signal,
}: FetchContext): Promise<{ digest: Digest; changed: LivePart[] }> {
  const whole = new Bun.CryptoHasher("sha256");
  const changed: LivePart[] = [];
  for (const part of ledger.parts) {
    const own = new Bun.CryptoHasher("sha256");
    await hashRange(partial, part.offset, part.length, [whole, own], signal);
    if (own.digest("hex") !== part.sha256) changed.push(part);
  }
  return { digest: digestOfHex(whole.digest("hex")), changed };
}

async function refetch(context: FetchContext, parts: readonly LivePart[]): Promise<void> {
  for (const part of parts) context.ledger.reset(part);
  await context.ledger.save();
  await fetchMissing(context);
}
