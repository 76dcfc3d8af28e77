import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import type { ResponseBooks } from "../intent/response-books.ts";
import { type Clock, systemClock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { type Logger, silentLogger } from "../lib/logger.ts";
import { type ApiKeys, createApiKeys, reconcileKeys } from "./api-keys.ts";
import type { OpenTemp } from "./blob-files.ts";
import { BlobHolds } from "./blob-holds.ts";
import { type Blobs, createBlobs } from "./blobs.ts";
import { openBooks } from "./books.ts";
import { commitModel, enterFacts, type ModelCommit, unlinkReleased } from "./commit.ts";
import { emptyLog, writeTransaction } from "./database.ts";
import { createDerived, type Derived } from "./derived.ts";
import { salvageBlobs } from "./garbage.ts";
import { keepTidy } from "./housekeeping.ts";
import { createKeyCounts, type KeyCounts } from "./key-counts.ts";
import { createModelReads, type ModelReads } from "./model-reads.ts";
import { findModel, putModel, releaseManifestAndBlobs } from "./model-rows.ts";
import { changeSettings } from "./model-settings.ts";
import { createPartials, type Partials } from "./partials.ts";
import { makePrivateDirectory } from "./private-files.ts";
import { type Prunable, pruneStore } from "./prune.ts";
import { createPulls, type Pulls } from "./pulls.ts";
import { reconcileBlobs } from "./reconcile.ts";
import { removeModel } from "./remove-model.ts";
import { createResponses } from "./responses.ts";
import { isCountedOn, requireWritable, type StoreContext } from "./store-context.ts";
import type { StoredName } from "./stored-name.ts";
import { syncManifest, syncTree, type UnlistedManifest, unlistedManifests } from "./tree-sync.ts";
import { isFull, isReadOnly, namingPlace, storeTrouble } from "./trouble.ts";
import { createUploads, type Uploads } from "./uploads.ts";
import { createUsageBooks, type UsageBooks } from "./usage.ts";
import { type BlobCheck, verifyBlobs } from "./verify.ts";

/** Tells that the books had to be begun anew while there were blobs. */
interface Recovery {
  /** The damage to the old books. */
  reason: string;
  /** How many blobs were there. */
  blobs: number;
}

/** The books: the installed models, their layers, and the blobs. */
export interface Store extends Disposable {
  readonly blobs: Blobs;
  readonly reads: ModelReads;
  /** The books were lost or damaged when the store was opened; models are to be made anew from {@link unlisted}. */
  readonly recovery: Recovery | undefined;
  readonly isReadOnly: boolean;
  /** See {@link unlistedManifests}. */
  unlisted(): UnlistedManifest[];
  /** See {@link commitModel}. */
  commit(commit: ModelCommit): number;
  /** See {@link enterFacts}. */
  enterFacts(facts: Pick<ModelCommit, "gguf" | "texts">): void;
  /** Points `destination` at the manifest of `source`. False when there is no `source`. */
  copy(source: StoredName, destination: StoredName): boolean;
  /** See {@link removeModel}. */
  remove(name: StoredName): boolean;
  /** See {@link changeSettings}. */
  changeSettings(name: StoredName, change: (before: string | null) => string | null): boolean;
  readonly partials: Partials;
  readonly pulls: Pulls;
  readonly uploads: Uploads;
  readonly derived: Derived;
  readonly responses: ResponseBooks;
  readonly usage: UsageBooks;
  readonly keys: ApiKeys;
  readonly keyCounts: KeyCounts;
  /** The store's directory. */
  readonly directory: string;
  /** Bytes that the disk of the blobs has left for us. */
  freeSpace(): Promise<number>;
  /** See {@link pruneStore}. */
  prune(dryRun: boolean): Prunable[];
  /** See {@link verifyBlobs}. */
  verify(signal: AbortSignal): AsyncGenerator<BlobCheck>;
}

export interface StoreOptions {
  /** Directory of the store; created when it does not exist. */
  directory: string;
  /** OLLAMA_NOPRUNE: no garbage collection, and overwriting a tag deletes nothing. Default false. */
  noPrune?: boolean;
  clock?: Clock;
  logger?: Logger;
  /** How temporary files are created. Default: on the disk. */
  openTemp?: OpenTemp;
}

/**
 * Opens the store in whatever state it is, checks that every blob of the books is there, and collects garbage, then and every hour.
 * Several processes may have one store open. Where nothing can be written the store is opened for reading.
 *
 * @throws AppError `busy` when another process holds the database locked for 5 seconds; one that names the directory or file for any
 *   other failure to open it.
 */
export function openStore(options: StoreOptions): Store {
  const { directory: root, noPrune = false, clock = systemClock, logger = silentLogger } = options;
  const directory = join(root, "blobs");
  makeDirectories(root, directory);
  const { db, readOnly, begun } = openBooks(root, logger);
  const context: StoreContext = {
    db,
    root,
    directory,
    clock,
    logger,
    noPrune,
    readOnly,
    holds: new BlobHolds(),
  };
  try {
    if (readOnly !== undefined) logger.warn(readOnly);
    reconcileKeys(context, begun !== undefined);
    const kept = begun === undefined || !existsSync(directory) ? 0 : salvageBlobs(context);
    compareWithDisk(context);
    const housekeeping = readOnly === undefined ? keepTidy(context) : undefined;
    const recovery = begun === undefined || kept === 0 ? undefined : { reason: begun, blobs: kept };
    return storeOf(context, { openTemp: options.openTemp, housekeeping, recovery });
  } catch (error) {
    db.$client.close();
    throw error;
  }
}

/** Compares the books with the disk. Changes that cannot be written on a full disk are made at the next start. */
function compareWithDisk(context: StoreContext): void {
  try {
    reconcileBlobs(context);
    if (context.readOnly === undefined) syncTree(context);
  } catch (error) {
    const failure = storeTrouble(error, context.root) ?? AppError.from(error);
    if (failure.kind !== "no_space") throw failure;
    context.logger.warn(failure.message);
  }
}

/** Makes directories. A failure for lack of rights or space is ignored: opening the books fails if the directory is really missing. */
function makeDirectories(...paths: string[]): void {
  for (const path of paths) {
    try {
      makePrivateDirectory(path);
    } catch (error) {
      if (existsSync(paths[0]!) && (isReadOnly(error) || isFull(error))) continue;
      if (!isReadOnly(error)) throw storeTrouble(error, path) ?? error;
      const remedy = "give the server's user the right to do that, or set OLLAMA_MODELS";
      throw new AppError("read_only", `"${path}" cannot be made: ${remedy}`, { cause: error });
    }
  }
}

interface Opened {
  openTemp: OpenTemp | undefined;
  housekeeping: Disposable | undefined;
  recovery: Recovery | undefined;
}

function storeOf(context: StoreContext, { openTemp, housekeeping, recovery }: Opened): Store {
  return namingPlace<Store>(
    {
      recovery,
      isReadOnly: context.readOnly !== undefined,
      unlisted: () => unlistedManifests(context),
      blobs: namingPlace(createBlobs(context, openTemp), context.root),
      reads: namingPlace(createModelReads(context.db), context.root),
      commit: (commit) => commitModel(context, commit),
      enterFacts: (facts) => enterFacts(context, facts),
      copy: (source, destination) => copyModel(context, source, destination),
      remove: (name) => removeModel(context, name),
      changeSettings: (name, change) => changeSettings(context, name, change),
      partials: namingPlace(createPartials(context), context.root),
      pulls: namingPlace(createPulls(context), context.root),
      uploads: namingPlace(createUploads(context), context.root),
      derived: createDerived(context),
      responses: namingPlace(createResponses(context), context.root),
      usage: namingPlace(createUsageBooks(context), context.root),
      keys: namingPlace(createApiKeys(context), context.root),
      keyCounts: namingPlace(createKeyCounts(context), context.root),
      directory: context.root,
      freeSpace: async () => {
        const { bavail, bsize } = await statfs(context.directory);
        return bavail * bsize;
      },
      prune: (dryRun) => pruneStore(context, dryRun),
      verify: (signal) => verifyBlobs(context, signal),
      [Symbol.dispose]() {
        housekeeping?.[Symbol.dispose]();
        closeBooks(context);
      },
    },
    context.root,
  );
}

/** Closes the books. The log is emptied first, since it contains deleted data; on a full disk that has to wait. */
function closeBooks({ db, logger }: StoreContext): void {
  try {
    emptyLog(db);
  } catch (error) {
    logger.warn("the log beside the database could not be emptied", { error: AppError.from(error).message });
  }
  db.$client.close();
}

function copyModel(context: StoreContext, source: StoredName, destination: StoredName): boolean {
  requireWritable(context);
  const copied = writeTransaction(context.db, (tx) => {
    const from = findModel(tx, source);
    if (from === undefined) return undefined;
    if (findModel(tx, destination)?.id === from.id) return [];
    const before = putModel(tx, destination, from.manifestDigest, context.clock.now());
    return before === undefined || context.noPrune
      ? []
      : releaseManifestAndBlobs(tx, before, isCountedOn(context));
  });
  if (copied === undefined) return false;
  syncManifest(context, destination);
  unlinkReleased(context, copied);
  return true;
}
