import { existsSync, mkdirSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, systemClock } from "../lib/clock.ts";
import { type Logger, silentLogger } from "../lib/logger.ts";
import type { OpenTemp } from "./blob-files.ts";
import { type Blobs, createBlobs } from "./blobs.ts";
import { commitModel, type ModelCommit, unlinkReleased } from "./commit.ts";
import { openDatabase, writeTransaction } from "./database.ts";
import { collectGarbage } from "./garbage.ts";
import { createModelReads, type ModelReads } from "./model-reads.ts";
import { findModel, putModel, releaseManifestAndBlobs } from "./model-rows.ts";
import { createPartials, type Partials } from "./partials.ts";
import { type Prunable, pruneStore } from "./prune.ts";
import { createPulls, type Pulls } from "./pulls.ts";
import { reconcileBlobs } from "./reconcile.ts";
import { removeModel } from "./remove-model.ts";
import { collectResponses, createResponses, type Responses } from "./responses.ts";
import type { StoreContext } from "./store-context.ts";
import type { StoredName } from "./stored-name.ts";
import { createUploads, type Uploads } from "./uploads.ts";
import { type BlobCheck, verifyBlobs } from "./verify.ts";

/** The books: which models there are, what they consist of, and the blobs. */
export interface Store extends Disposable {
  readonly blobs: Blobs;
  readonly reads: ModelReads;
  /** See {@link commitModel}. */
  commit(commit: ModelCommit): number;
  /** Points `destination` at the manifest of `source`. False when there is no `source`. */
  copy(source: StoredName, destination: StoredName): boolean;
  /** See {@link removeModel}. */
  remove(name: StoredName): boolean;
  readonly partials: Partials;
  readonly pulls: Pulls;
  readonly uploads: Uploads;
  readonly responses: Responses;
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
 * Opens the store, checks that every blob it names is there, and collects garbage. Several processes may have one store open.
 * @throws AppError `busy` when another process holds the database locked for 5 seconds.
 */
export function openStore(options: StoreOptions): Store {
  const { directory, noPrune = false, clock = systemClock, logger = silentLogger } = options;
  const blobDirectory = join(directory, "blobs");
  mkdirSync(blobDirectory, { recursive: true });
  const shared = existsSync(join(directory, "manifests"));
  const db = openDatabase(join(directory, "llamero.db"));
  const context: StoreContext = { db, directory: blobDirectory, clock, logger, noPrune, shared };
  try {
    if (shared) logger.warn("this directory holds an Ollama store too; no blob in it will be deleted");
    reconcileBlobs(context);
    if (!noPrune) collectGarbage(context);
    collectResponses(db, clock);
    return storeOf(context, options.openTemp);
  } catch (error) {
    db.$client.close();
    throw error;
  }
}

function storeOf(context: StoreContext, openTemp: OpenTemp | undefined): Store {
  return {
    blobs: createBlobs(context, openTemp),
    reads: createModelReads(context.db),
    commit: (commit) => commitModel(context, commit),
    copy: (source, destination) => copyModel(context, source, destination),
    remove: (name) => removeModel(context, name),
    partials: createPartials(context),
    pulls: createPulls(context),
    uploads: createUploads(context),
    responses: createResponses(context),
    freeSpace: async () => {
      const { bavail, bsize } = await statfs(context.directory);
      return bavail * bsize;
    },
    prune: (dryRun) => pruneStore(context, dryRun),
    verify: (signal) => verifyBlobs(context, signal),
    [Symbol.dispose]: () => context.db.$client.close(),
  };
}

function copyModel(context: StoreContext, source: StoredName, destination: StoredName): boolean {
  const copied = writeTransaction(context.db, (tx) => {
    const from = findModel(tx, source);
    if (from === undefined) return undefined;
    if (findModel(tx, destination)?.id === from.id) return [];
    const before = putModel(tx, destination, from.manifestDigest, context.clock.now());
    return before === undefined || context.noPrune ? [] : releaseManifestAndBlobs(tx, before);
  });
  if (copied === undefined) return false;
  unlinkReleased(context, copied);
  return true;
}
