import type { Digest } from "../lib/digest.ts";
import { badRequest } from "../lib/errors.ts";
import {
  blobPath,
  discardStaged,
  type OpenTemp,
  openTempFile,
  type StagedBlob,
  stageBlob,
  stageFile,
} from "./blob-files.ts";
import { findBlob, noteIfMissing, promoteStaged, touchBlob } from "./blob-rows.ts";
import { writeTransaction } from "./database.ts";
import { GRACE_MS } from "./grace.ts";
import type { BlobRow } from "./schema.ts";
import { requireWritable, type StoreContext } from "./store-context.ts";
import { type ForeignBlob, type TakeOverOptions, takeOver } from "./take-over.ts";

/** Content-addressed files. */
export interface Blobs {
  /** Absolute path of a blob's file, whether it exists or not. */
  path(digest: Digest): string;
  /** Bytes of a blob that is there; undefined otherwise. */
  size(digest: Digest): number | undefined;
  /** Is the blob there? If so, its period of grace begins anew, because somebody is about to use it. */
  claim(digest: Digest): boolean;
  /** As {@link claim}, for a client that will send a create: the blob is not removed together with a model meanwhile either. */
  promise(digest: Digest): boolean;
  /** See {@link BlobHolds.hold}. */
  hold(digests: readonly Digest[]): Disposable;
  /**
   * Stores `body` under `digest`. It is not read when the blob is there already.
   * @throws AppError 400 on other content, `no_space` on a full disk; nothing is kept then.
   */
  put(digest: Digest, body: AsyncIterable<Uint8Array>): Promise<"created" | "exists">;
  /** Writes content that a later commit turns into a blob. A commit takes care of it; without one, discard it. */
  stage(content: Uint8Array): Promise<StagedBlob>;
  /** As {@link stage}, for content that `fill` writes to a path of which it is given the name; see {@link stageFile}. */
  stageFile(fill: (path: string) => Promise<void>, signal: AbortSignal): Promise<StagedBlob>;
  /** Stages a file of another store, which stays where it is and as it is; see {@link takeOver}. */
  takeOver(source: ForeignBlob, options: TakeOverOptions): AsyncGenerator<number, StagedBlob, undefined>;
  discard(staged: readonly StagedBlob[]): void;
}

/** @param openTemp how temporary files are created; tests inject a disk that fills up. */
export function createBlobs(context: StoreContext, openTemp?: OpenTemp): Blobs {
  const { db, directory, clock } = context;

  const find = (digest: Digest): BlobRow | undefined => {
    const row = findBlob(db, directory, digest);
    if (row === undefined) noteIfMissing(db, directory, digest);
    return row;
  };

  const claim = (digest: Digest): boolean => {
    const row = find(digest);
    if (row === undefined) return false;
    if (context.readOnly !== undefined) return true;
    // Written only after half the grace, so that a client that asks often does not make us write often.
    if (clock.now() - row.mtime <= GRACE_MS / 2) return true;
    return writeTransaction(db, (tx) => {
      // Another process may have removed the blob since.
      if (findBlob(tx, directory, digest) === undefined) return false;
      touchBlob(tx, directory, digest, clock.now());
      return true;
    });
  };

  return {
    path: (digest) => blobPath(directory, digest),
    size: (digest) => find(digest)?.size,
    claim,
    discard: discardStaged,
    hold: (digests) => context.holds.hold(digests),
    promise(digest) {
      const isThere = claim(digest);
      if (isThere) context.holds.promise(digest, clock.now());
      return isThere;
    },
    stage(content) {
      requireWritable(context);
      return stageBlob(directory, [content], openTemp);
    },
    takeOver(source, options) {
      requireWritable(context);
      return takeOver(directory, source, options, openTemp ?? openTempFile);
    },
    stageFile(fill, signal) {
      requireWritable(context);
      return stageFile(directory, fill, signal);
    },
    async put(digest, body) {
      const isThere = claim(digest);
      if (!isThere) requireWritable(context);
      const outcome = isThere ? "exists" : adopt(context, digest, await stageBlob(directory, body, openTemp));
      context.holds.promise(digest, clock.now());
      return outcome;
    },
  };
}

/** Makes a blob of a staged file, if it has the announced digest. */
function adopt(
  { db, directory, clock }: StoreContext,
  want: Digest,
  staged: StagedBlob,
): "created" | "exists" {
  try {
    if (staged.digest !== want) {
      throw badRequest(`digest mismatch, expected "${want}", got "${staged.digest}"`);
    }
    const placed = writeTransaction(db, (tx) => promoteStaged(tx, directory, [staged], clock.now()));
    return placed.length > 0 ? "created" : "exists";
  } finally {
    discardStaged([staged]);
  }
}
