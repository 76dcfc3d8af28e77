import { AppError, badRequest } from "../lib/errors.ts";
import { formatBytes } from "../lib/humanize.ts";
import { installManifest } from "../models/install.ts";
import { type Layer, type Manifest, parseManifest, uniqueLayers } from "../store/manifest.ts";
import { MEDIA } from "../store/media-type.ts";
import type { Store } from "../store/store.ts";
import { type DownloadDeps, downloadBlob, type RemoteBlob } from "./download-blob.ts";
import { fetchManifest, repositoryPath } from "./manifest.ts";
import { BlobProgress, type PullProgress } from "./progress.ts";
import type { PullRequest } from "./puller.ts";
import { RegistrySession, type SessionDeps } from "./session.ts";
import type { SharedWork } from "./shared-work.ts";
import { type LayerTransfer, settledLayer, transferLayers } from "./transfer-layers.ts";

export interface PullDeps extends DownloadDeps {
  session: SessionDeps;
  /** By digest: two models that have a layer in common fetch it once. */
  downloads: SharedWork<BlobProgress>;
}

/** One pull from its manifest to the installed model. @throws AppError; the signal's reason. What was fetched is kept. */
export async function runPull(
  deps: PullDeps,
  id: number,
  request: PullRequest,
  progress: PullProgress,
  signal: AbortSignal,
): Promise<void> {
  const { store } = deps;
  const { name } = request;
  progress.say("pulling manifest");
  const session = new RegistrySession(name, request, deps.session);
  const bytes = await fetchManifest(session, name, signal);
  const manifest = parseManifest(bytes);
  checkSupported(manifest);
  store.pulls.setManifest(id, bytes);
  const layers = uniqueLayers(manifest);
  const missing = layers.filter(({ digest }) => !store.blobs.claim(digest));
  await checkSpace(store, missing);
  const missed = new Set(missing.map(({ digest }) => digest));
  const begin = (layer: Layer, stop: AbortSignal): LayerTransfer =>
    missed.has(layer.digest)
      ? joinDownload(deps, { ...layer, session, repository: repositoryPath(name) }, stop)
      : settledLayer(layer);
  await transferLayers(layers, begin, progress, deps.clock, signal);
  progress.say("verifying sha256 digest");
  progress.say("writing manifest");
  const removed = await installManifest(store, { name, manifest: bytes });
  if (removed > 0) progress.say("removing unused layers");
}

/** Before anything is fetched: a pull of many gigabytes must not end in this. */
function checkSupported({ layers }: Manifest): void {
  const files = layers.filter(({ mediaType }) => mediaType === MEDIA.model).length;
  if (files === 0) throw badRequest("this model has no GGUF weights, and only those can be run");
  if (files === 1) return;
  throw badRequest(
    `this model's weights are split into ${files} files, and only one can be run: merge them with llamero create`,
  );
}

/** A little more than is needed, for the books and for others. */
const RESERVE = 1.05;

async function checkSpace(store: Store, missing: readonly Layer[]): Promise<void> {
  const bytes = missing.reduce((sum, { digest, size }) => sum + size - store.partials.bytesDone(digest), 0);
  const [needed, free] = [Math.ceil(bytes * RESERVE), await store.freeSpace()];
  if (needed <= free) return;
  throw new AppError(
    "no_space",
    `not enough disk space: ${formatBytes(needed)} needed, ${formatBytes(free)} free`,
  );
}

/** Fetches a layer, unless another pull is at it. */
function joinDownload(deps: PullDeps, remote: RemoteBlob, signal: AbortSignal): LayerTransfer {
  const { digest, size } = remote;
  return deps.downloads.join(
    `${digest} ${size}`,
    signal,
    () => new BlobProgress(digest, size),
    (progress, stop) => downloadBlob(deps, remote, progress, stop),
  );
}
