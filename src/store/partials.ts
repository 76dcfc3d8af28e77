import { existsSync, rmSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { type Digest, hexOf } from "../lib/digest.ts";
import { AppError } from "../lib/errors.ts";
import { readFully } from "../lib/read-fully.ts";
import { NOTHING_KEPT } from "./blob-files.ts";
import { promoteStaged } from "./blob-rows.ts";
import { type Db, type Sql, writeTransaction } from "./database.ts";
import { PRIVATE_FILE } from "./private-files.ts";
import {
  bytesDone,
  claimParts,
  holdWhole,
  isClaimedElsewhere,
  type PartPlan,
  type PartProgress,
  partsOfBlob,
  releaseClaim,
  releaseHolds,
  saveParts,
  startParts,
} from "./pull-blobs.ts";
import type { PullPartRow } from "./schema.ts";
import { requireWritable, type StoreContext } from "./store-context.ts";
import { storeTrouble } from "./trouble.ts";

/** A blob that is being fetched: a file of its full size, filled part by part. One process writes it at a time. */
export interface Partial extends AsyncDisposable {
  /** The parts as they were when the file was opened. */
  readonly parts: readonly PullPartRow[];
  write(offset: number, bytes: Uint8Array): Promise<void>;
  /** Fills `into` from `offset`. */
  read(offset: number, into: Uint8Array): Promise<void>;
  /** Makes the written bytes durable, then notes the progress. Noted bytes survive a power cut. */
  save(progress: readonly PartProgress[]): Promise<void>;
  /** Makes the file a blob; the caller has checked its content. The blob is kept for its pull until a model names it. */
  promote(): Promise<void>;
  /** Removes the file and its rows. */
  discard(): Promise<void>;
}

export interface Partials {
  /**
   * Opens a partial file to go on with it, or begins one.
   * @param plan the parts of a file that is begun.
   * @throws AppError `busy` while another process fetches the blob; `no_space`.
   */
  open(digest: Digest, size: number, plan: readonly PartPlan[]): Promise<Partial>;
  /** Bytes of a partial blob that have been fetched. */
  bytesDone(digest: Digest): number;
  /** Removes partial files, except those that another process writes, and gives whole blobs back to garbage collection. */
  remove(digests: readonly Digest[]): void;
}

export const partialPath = (directory: string, digest: Digest): string =>
  join(directory, `sha256-${hexOf(digest)}-partial`);

export function createPartials(context: StoreContext): Partials {
  const { db, directory } = context;
  return {
    open: (digest, size, plan) => openPartial(context, digest, size, plan),
    bytesDone: (digest) => (existsSync(partialPath(directory, digest)) ? bytesDone(db, digest) : 0),
    remove: (digests) => removePartials(context, digests),
  };
}

function removePartials({ db, directory }: StoreContext, digests: readonly Digest[]): void {
  writeTransaction(db, (tx) => dropPartials(tx, directory, digests));
}

/**
 * See {@link Partials.remove}; belongs inside a write transaction. The rows are removed first: a file without rows is cleared away later,
 * while rows without a file would claim bytes that are gone.
 */
export function dropPartials(tx: Sql, directory: string, digests: readonly Digest[]): void {
  const idle = digests.filter((digest) => !isClaimedElsewhere(tx, digest));
  releaseHolds(tx, idle);
  for (const digest of idle) rmSync(partialPath(directory, digest), { force: true });
}

async function openPartial(
  context: StoreContext,
  digest: Digest,
  size: number,
  plan: readonly PartPlan[],
): Promise<Partial> {
  requireWritable(context);
  const { db, directory, clock } = context;
  const path = partialPath(directory, digest);
  const parts = writeTransaction(db, (tx) => {
    if (isClaimedElsewhere(tx, digest)) {
      throw new AppError("busy", `another process is fetching blob "${digest}"; try again when it has ended`);
    }
    const whole = statSync(path, { throwIfNoEntry: false })?.size === size;
    if (whole) return claimParts(tx, digest, size, plan, clock.now());
    return startParts(tx, digest, size, plan, clock.now());
  });
  try {
    const fresh = parts.every(({ done }) => done === 0);
    return new PartialFile(context, digest, size, parts, await openFile(path, size, fresh));
  } catch (error) {
    writeTransaction(db, (tx) => releaseClaim(tx, digest));
    throw storeTrouble(error, directory, NOTHING_KEPT) ?? error;
  }
}

/** A file of the same name that is not ours, Ollama's in a shared directory, is replaced and not written to. */
async function openFile(path: string, size: number, fresh: boolean): Promise<FileHandle> {
  if (!fresh) return open(path, "r+");
  rmSync(path, { force: true });
  const file = await open(path, "wx+", PRIVATE_FILE);
  try {
    await file.truncate(size);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

class PartialFile implements Partial {
  readonly parts: readonly PullPartRow[];
  readonly #context: StoreContext;
  readonly #digest: Digest;
  readonly #size: number;
  readonly #file: FileHandle;
  #open = true;

  constructor(
    context: StoreContext,
    digest: Digest,
    size: number,
    parts: readonly PullPartRow[],
    file: FileHandle,
  ) {
    this.#context = context;
    this.#digest = digest;
    this.#size = size;
    this.parts = parts;
    this.#file = file;
  }

  get #db(): Db {
    return this.#context.db;
  }

  get #path(): string {
    return partialPath(this.#context.directory, this.#digest);
  }

  async write(offset: number, bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.byteLength; ) {
        done += (await this.#file.write(bytes, done, bytes.byteLength - done, offset + done)).bytesWritten;
      }
    } catch (error) {
      throw storeTrouble(error, this.#context.directory, "what has been fetched is kept") ?? error;
    }
  }

  async read(offset: number, into: Uint8Array): Promise<void> {
    if (!(await readFully(this.#file, offset, into)))
      throw new Error("the partial file is shorter than it was");
  }

  async save(progress: readonly PartProgress[]): Promise<void> {
    await this.#file.datasync();
    writeTransaction(this.#db, (tx) => saveParts(tx, this.#digest, progress, this.#context.clock.now()));
  }

  async promote(): Promise<void> {
    const { directory, clock } = this.#context;
    await this.#file.sync();
    await this.#close();
    const staged = { path: this.#path, digest: this.#digest, size: this.#size };
    writeTransaction(this.#db, (tx) => {
      promoteStaged(tx, directory, [staged], clock.now());
      holdWhole(tx, this.#digest);
    });
    // If the blob was stored another way meanwhile, its file stays and the partial one is removed.
    rmSync(this.#path, { force: true });
  }

  async discard(): Promise<void> {
    await this.#close();
    removePartials(this.#context, [this.#digest]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#open) return;
    await this.#close();
    const mine = partsOfBlob(this.#db, this.#digest).length > 0;
    if (mine) writeTransaction(this.#db, (tx) => releaseClaim(tx, this.#digest));
  }

  async #close(): Promise<void> {
    this.#open = false;
    await this.#file.close();
  }
}
