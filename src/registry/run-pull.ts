import { AppError, badRequest } from "../lib/errors.ts";
import { formatBytes } from "../lib/humanize.ts";
import { asksForLater, OLLAMA_VERSION } from "../lib/ollama-version.ts";
import { whyNoWeights } from "../models/cloud.ts";
import { type ModelConfig, parseConfig } from "../models/config-json.ts";
import { installManifest } from "../models/install.ts";
import { type ModelName, shortName } from "../models/name.ts";
import { isOptional, type Layer, type Manifest, parseManifest, uniqueLayers } from "../store/manifest.ts";
import { MEDIA } from "../store/media-type.ts";
import type { Store } from "../store/store.ts";
import { type DownloadDeps, downloadBlob, type RemoteBlob } from "./download-blob.ts";
import { repositoryOf, repositoryPath } from "./manifest.ts";
import { locate } from "./mirror.ts";
import { BlobProgress, type PullTransfer } from "./progress.ts";
import type { ModelPull } from "./puller.ts";
import type { SessionDeps } from "./session.ts";
import type { SharedWork } from "./shared-work.ts";
import { type LayerTransfer, presentLayer, transferLayers } from "./transfer-layers.ts";

/** A config has a few hundred bytes, and that of a draft model some more. */
const MAX_CONFIG_BYTES = 2 ** 20;

export interface PullDeps extends DownloadDeps {
  session: SessionDeps;
  /** Downloads under way by digest: a layer of two models is fetched once. */
  downloads: SharedWork<BlobProgress>;
  /** See Config.draftModels. */
  draftModels: boolean;
}

/** Pulls a model: its manifest, its layers, its installation. @throws AppError; the signal's reason. Fetched bytes are kept. */
export async function runPull(
  deps: PullDeps,
  id: number,
  request: ModelPull,
  progress: PullTransfer,
  signal: AbortSignal,
): Promise<void> {
  const { store } = deps;
  const { name } = request;
  progress.addStatus("pulling manifest");
  const { session, manifest: bytes, isMirror } = await locate(name, request, deps.session, signal);
  const manifest = parseManifest(bytes);
  const remote = (layer: Layer): RemoteBlob => ({
    ...layer,
    session,
    isMirror,
    repository: repositoryPath(repositoryOf(name)),
  });
  const config = (): Promise<ModelConfig> =>
    readConfig(deps, manifest.config, () => joinDownload(deps, remote(manifest.config), signal));
  await checkSupported(manifest, name, config);
  store.pulls.setManifest(id, bytes);
  const { layers, leftOut } = wantedLayers(deps, manifest);
  if (leftOut.length > 0) progress.addStatus(leftOutNote(leftOut));
  const missing = layers.filter(({ digest }) => !store.blobs.claim(digest));
  await checkSpace(store, missing);
  const missed = new Set(missing.map(({ digest }) => digest));
  const begin = (layer: Layer, stop: AbortSignal): LayerTransfer =>
    missed.has(layer.digest) ? joinDownload(deps, remote(layer), stop) : presentLayer(layer);
  await transferLayers(layers, begin, progress, deps.clock, signal);
  progress.addStatus("verifying sha256 digest");
  const { requires } = await config();
  if (asksForLater(requires)) progress.addStatus(laterWarning(requires));
  progress.addStatus("writing manifest");
  const removed = await installManifest(store, { name, manifest: bytes });
  if (removed > 0) progress.addStatus("removing unused layers");
}

/** The layers that a pull needs, each blob once. A draft model that the server does not use is left out, unless it is in the store. */
export function wantedLayers(
  { store, draftModels }: Pick<PullDeps, "store" | "draftModels">,
  manifest: Manifest,
): { layers: Layer[]; leftOut: Layer[] } {
  const all = uniqueLayers(manifest);
  const isLeftOut = (layer: Layer) =>
    !draftModels && isOptional(layer) && store.blobs.size(layer.digest) === undefined;
  return { layers: all.filter((layer) => !isLeftOut(layer)), leftOut: all.filter(isLeftOut) };
}

function leftOutNote(layers: readonly Layer[]): string {
  const bytes = layers.reduce((sum, { size }) => sum + size, 0);
  return `leaving out the draft model (${formatBytes(bytes)}), which OLLAMA_DRAFT_MODELS=1 on the server would fetch`;
}

const laterWarning = (requires = ""): string =>
  `warning: this model asks for Ollama ${requires}, and llamero follows ${OLLAMA_VERSION}`;

/** The model's config, which is fetched if it is not in the store. */
async function readConfig(
  { store }: PullDeps,
  { digest, size }: Layer,
  fetchConfig: () => LayerTransfer,
): Promise<ModelConfig> {
  if (size > MAX_CONFIG_BYTES) throw badRequest("the model's config is too large to be one");
  if (!store.blobs.claim(digest)) await fetchConfig().ended;
  return parseConfig(await Bun.file(store.blobs.path(digest)).text());
}

/** Refuses models that cannot be run, before anything large is fetched. */
async function checkSupported(
  { layers }: Manifest,
  name: ModelName,
  config: () => Promise<ModelConfig>,
): Promise<void> {
  const files = layers.filter(({ mediaType }) => mediaType === MEDIA.model).length;
  if (files === 0) throw badRequest(whyNoWeights(await config(), shortName(name)));
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
    `not enough disk space: ${formatBytes(needed)} needed, ${formatBytes(free)} free in "${store.directory}"; "llamero rm" and "llamero prune" make room`,
  );
}

/** Fetches a layer, or joins another pull that is fetching it. */
function joinDownload(deps: PullDeps, remote: RemoteBlob, signal: AbortSignal): LayerTransfer {
  const { digest, size } = remote;
  return deps.downloads.join(
    `${digest} ${size}`,
    signal,
    () => new BlobProgress(digest, size),
    (progress, stop) => downloadBlob(deps, remote, progress, stop),
  );
}
