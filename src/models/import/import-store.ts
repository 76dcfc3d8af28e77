import { constants, existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { type Digest, hexOf } from "../../lib/digest.ts";
import { AppError, badRequest } from "../../lib/errors.ts";
import { mapYields } from "../../lib/map-yields.ts";
import { withoutPaths } from "../../lib/without-paths.ts";
import type { StagedBlob } from "../../store/blob-files.ts";
import { isOptional, type Layer, type Manifest, parseManifest, uniqueLayers } from "../../store/manifest.ts";
import type { Store } from "../../store/store.ts";
import type { ImportStatus, StoreImport } from "../catalog.ts";
import { installManifest } from "../install.ts";
import { type ModelName, shortName } from "../name.ts";
import { type FoundManifest, findManifests } from "./find-manifests.ts";

/** Most bytes of a manifest. A model of thousands of layers has one of a few hundred kilobytes. */
const MAX_MANIFEST_BYTES = 16 * 1024 * 1024;

interface Import extends StoreImport {
  store: Store;
  signal: AbortSignal;
}

/** See {@link Catalog.importStore}. */
export async function* importStore(
  store: Store,
  request: StoreImport,
  signal: AbortSignal,
): AsyncGenerator<ImportStatus> {
  if (!isAbsolute(request.path)) throw badRequest("path must be absolute");
  const counts = { imported: 0, already_there: 0, skipped: 0 };
  for (const manifest of await findManifests(request.path)) {
    const last = yield* importModel({ ...request, store, signal }, manifest);
    counts[last.status === "already there" ? "already_there" : last.status]++;
    yield last;
  }
  yield { status: "done", ...counts };
}

type Outcome = Extract<ImportStatus, { status: "imported" | "already there" | "skipped" }>;

/** Imports one model. A fault is reported as its outcome, and the others go on. */
async function* importModel(task: Import, found: FoundManifest): AsyncGenerator<ImportStatus, Outcome> {
  const { name, place } = found;
  const model = name === undefined ? place : shortName(name);
  try {
    if (name === undefined) throw badRequest("no manifest belongs there: the path is no model's name");
    const bytes = await readManifest(found.path);
    if (isInstalled(task.store, name, bytes)) return { status: "already there", model };
    const parsed = parseManifest(bytes);
    using _held = task.store.blobs.hold(uniqueLayers(parsed).map(({ digest }) => digest));
    const staged = yield* takeOverBlobs(task, model, parsed);
    // Another request may have made a model of that name meanwhile.
    const guard = () => void isInstalled(task.store, name, bytes);
    await installManifest(task.store, { name, manifest: bytes, staged, guard });
    return { status: "imported", model };
  } catch (error) {
    task.signal.throwIfAborted();
    return { status: "skipped", model, reason: withoutPaths(AppError.from(error).message) };
  }
}

/** A link is not followed: it might lead to a file that only the server may read. */
async function readManifest(path: string): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw badRequest("the manifest is not a file");
    if (stat.size > MAX_MANIFEST_BYTES) throw badRequest("the manifest is too large to be one");
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/**
 * Is this very model there, and whole? @throws AppError 400 when there is another one of that name: an import overwrites nothing.
 */
function isInstalled({ reads }: Store, name: ModelName, manifest: Uint8Array): boolean {
  const row = reads.find(name);
  if (row === undefined) return false;
  const digest = new Bun.CryptoHasher("sha256").update(manifest).digest("hex");
  if (row.manifestDigest !== digest) {
    throw badRequest(
      "there is another model of that name: remove it, or copy it to another name, and import again",
    );
  }
  return !reads.isBroken(digest);
}

/** Stages the blobs that we do not have. Those staged before a failure are discarded. */
async function* takeOverBlobs(
  task: Import,
  model: string,
  manifest: Manifest,
): AsyncGenerator<ImportStatus, StagedBlob[]> {
  const { blobs } = task.store;
  const staged: StagedBlob[] = [];
  let complete = false;
  try {
    for (const layer of uniqueLayers(manifest)) {
      if (blobs.claim(layer.digest)) continue;
      // The other store may lack an optional layer, as ours may.
      if (isOptional(layer) && !existsSync(blobFile(task.path, layer.digest))) continue;
      staged.push(yield* takeOverBlob(task, model, layer));
    }
    complete = true;
    return staged;
  } finally {
    if (!complete) blobs.discard(staged);
  }
}

async function* takeOverBlob(
  { store, path: root, trust, signal }: Import,
  model: string,
  { digest, size }: Layer,
): AsyncGenerator<ImportStatus, StagedBlob> {
  const source = { root, path: blobFile(root, digest), digest, size };
  const work = store.blobs.takeOver(source, { trust, signal });
  return yield* mapYields(work, (completed) => ({
    status: "importing" as const,
    model,
    digest,
    completed,
    total: size,
  }));
}

const blobFile = (directory: string, digest: Digest): string =>
  join(directory, "blobs", `sha256-${hexOf(digest)}`);
