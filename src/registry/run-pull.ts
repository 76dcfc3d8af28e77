import type { Digest } from "../lib/digest.ts";
import { AppError, badRequest } from "../lib/errors.ts";
import { formatBytes } from "../lib/humanize.ts";
import { installManifest } from "../models/install.ts";
import { type Layer, type Manifest, parseManifest } from "../store/manifest.ts";
import { MEDIA } from "../store/media-type.ts";
import type { Store } from "../store/store.ts";
import { type DownloadDeps, downloadBlob } from "./download-blob.ts";
import { fetchManifest, repositoryPath } from "./manifest.ts";
import { BlobProgress, type PullProgress } from "./progress.ts";
import type { PullRequest } from "./puller.ts";
import { RegistrySession, type SessionDeps } from "./session.ts";
import type { SharedWork } from "./shared-work.ts";

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
  const { name, insecure, credentials } = request;
  progress.say("pulling manifest");
  const session = new RegistrySession(name, { insecure, ...(credentials && { credentials }) }, deps.session);
  const bytes = await fetchManifest(session, name, signal);
  const manifest = parseManifest(bytes);
  checkSupported(manifest);
  store.pulls.setManifest(id, bytes);
  const layers = uniqueLayers(manifest);
  const missing = layers.filter(({ digest }) => !store.blobs.claim(digest));
  await checkSpace(store, missing);
  const pull = new LayerPull(deps, session, repositoryPath(name), progress);
  await pull.fetch(layers, new Set(missing.map(({ digest }) => digest)), signal);
  progress.say("verifying sha256 digest");
  progress.say("writing manifest");
  await installManifest(store, { name, manifest: bytes });
}

/** Before anything is fetched: a pull of many gigabytes must not end in this. */
function checkSupported({ layers }: Manifest): void {
  if (layers.some(({ mediaType }) => mediaType === MEDIA.model)) return;
  throw badRequest("this model has no GGUF weights, and only those can be run");
}

const uniqueLayers = ({ config, layers }: Manifest): Layer[] => [
  ...new Map([...layers, config].map((layer) => [layer.digest, layer])).values(),
];

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

/** The layers of one pull, each fetched by itself or by another pull. */
class LayerPull {
  readonly #deps: PullDeps;
  readonly #session: RegistrySession;
  readonly #repository: string;
  readonly #progress: PullProgress;

  constructor(deps: PullDeps, session: RegistrySession, repository: string, progress: PullProgress) {
    this.#deps = deps;
    this.#session = session;
    this.#repository = repository;
    this.#progress = progress;
  }

  /** Waits for all layers; those in `missing` are fetched side by side. @throws the first failure, when all have come to rest. */
  async fetch(layers: readonly Layer[], missing: ReadonlySet<Digest>, signal: AbortSignal): Promise<void> {
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    const joined = layers.map((layer) =>
      missing.has(layer.digest)
        ? this.#join(layer, either)
        : { state: there(layer), ended: Promise.resolve() },
    );
    this.#progress.blobs = joined.map(({ state }) => state);
    const changed = (): void => this.#progress.changed(this.#deps.clock.now());
    const listening = this.#progress.blobs.map((blob) => blob.listen(changed));
    changed();
    await Promise.allSettled(joined.map(({ ended }) => ended.catch((error) => failed.abort(error))));
    for (const stop of listening) stop();
    signal.throwIfAborted();
    failed.signal.throwIfAborted();
  }

  #join({ digest, size }: Layer, signal: AbortSignal) {
    const remote = { digest, size, session: this.#session, repository: this.#repository };
    return this.#deps.downloads.join(
      `${digest} ${size}`,
      signal,
      () => new BlobProgress(digest, size),
      (progress, stop) => downloadBlob(this.#deps, remote, progress, stop),
    );
  }
}

function there({ digest, size }: Layer): BlobProgress {
  const progress = new BlobProgress(digest, size);
  progress.finish();
  return progress;
}
