import { defined } from "../../lib/defined.ts";
import { AppError, notFound } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import { type ModelName, parseModelName, sameName, shortName } from "../../models/name.ts";
import { isOptional, type Layer, parseManifest, uniqueLayers, withoutLayers } from "../../store/manifest.ts";
import { manifestUrl, repositoryOf, repositoryPath } from "../manifest.ts";
import { BlobProgress, type TransferProgress } from "../progress.ts";
import type { ModelPush } from "../pusher.ts";
import { retrying } from "../retrying.ts";
import { type Credentials, RegistrySession, type SessionDeps } from "../session.ts";
import type { SharedWork } from "../shared-work.ts";
import { type LayerTransfer, transferLayers } from "../transfer-layers.ts";
import { readRefusal, refusalError } from "./refusal.ts";
import { type UploadDeps, type UploadTarget, uploadBlob } from "./upload-blob.ts";
import { UploadRequests } from "./upload-requests.ts";

export interface PushDeps extends UploadDeps {
  session: SessionDeps;
  /** Uploads under way by registry, repository, digest and caller: a layer of two tags is sent once. */
  uploads: SharedWork<BlobProgress>;
}

const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";

/**
 * Pushes a model: its layers, and then its manifest byte for byte (docs/behaviour: registry-and-store §7).
 *
 * @throws AppError; the signal's reason. Bytes that the registry has are not sent again the next time.
 */
export async function runPush(
  deps: PushDeps,
  request: ModelPush,
  progress: TransferProgress,
  signal: AbortSignal,
): Promise<void> {
  progress.addStatus("retrieving manifest");
  const { name, bytes: whole } = findManifest(deps, request.name, progress);
  const session = new RegistrySession(name, request, deps.session);
  const repository = repositoryOf(name);
  const absent = absentLayers(deps, whole);
  const known = await knownThere(deps, session, repository, absent, signal);
  const leftOut = absent.filter((layer) => !known.includes(layer)).map(({ digest }) => digest);
  if (leftOut.length > 0) progress.addStatus("leaving out the draft model, which was not fetched");
  const bytes = withoutLayers(whole, leftOut);
  const owner = request.credentials ?? { username: "", password: "" };
  const begin = (layer: Layer, stop: AbortSignal): LayerTransfer => {
    const { digest, size, from } = layer;
    const mountFrom = originOf(from, name);
    const target = { digest, size, session, repository, ...defined({ mountFrom }) };
    return joinUpload(deps, target, owner, stop);
  };
  const isKnown = ({ digest }: Layer) => known.some((layer) => layer.digest === digest);
  const layers = uniqueLayers(parseManifest(bytes)).filter((layer) => !isKnown(layer));
  await transferLayers(layers, begin, progress, deps.clock, signal);
  progress.addStatus("pushing manifest");
  const send = (): Promise<void> => putManifest(deps, session, name, bytes, signal);
  await retrying({ ...deps, signal }, () => 0, send);
}

/** Draft models that were not fetched, so that they cannot be sent. */
const absentLayers = ({ store }: PushDeps, manifest: Uint8Array): Layer[] =>
  uniqueLayers(parseManifest(manifest)).filter(
    (layer) => isOptional(layer) && store.blobs.size(layer.digest) === undefined,
  );

/** Those of the layers that the registry has: a layer that it has need not be sent, even if it was never fetched. */
async function knownThere(
  deps: PushDeps,
  session: RegistrySession,
  repository: string,
  layers: readonly Layer[],
  signal: AbortSignal,
): Promise<Layer[]> {
  const known: Layer[] = [];
  for (const layer of layers) {
    const requests = new UploadRequests(session, repositoryPath(repository), layer, deps.clock);
    const ask = async () => {
      if (await requests.exists(signal)) known.push(layer);
    };
    await retrying({ ...deps, signal }, () => 0, ask);
  }
  return known;
}

/** The manifest of an installed model, and its name as it is stored. */
function findManifest(
  { store }: PushDeps,
  wanted: ModelName,
  progress: TransferProgress,
): { name: ModelName; bytes: Uint8Array } {
  const name = store.reads.find(wanted);
  const bytes = name && store.reads.manifest(name.manifestDigest);
  if (name !== undefined && bytes !== undefined) return { name, bytes };
  progress.addStatus("couldn't retrieve manifest");
  throw notFound(`model '${shortName(wanted)}' not found`);
}

/** The repository that a layer came from, as `<namespace>/<model>` of the same registry; undefined for any other origin. */
function originOf(from: string | undefined, { host, namespace, model }: ModelName): string | undefined {
  const origin = from === undefined ? undefined : parseModelName(from);
  if (origin === undefined || origin.host.toLowerCase() !== host.toLowerCase()) return undefined;
  if (sameName({ ...origin, tag: "" }, { host, namespace, model, tag: "" })) return undefined;
  return repositoryOf(origin);
}

/** Sends a layer, or joins another push with the same credentials that is sending it. */
function joinUpload(
  deps: PushDeps,
  target: UploadTarget,
  { username, password }: Credentials,
  signal: AbortSignal,
): LayerTransfer {
  const { digest, size, session, repository } = target;
  return deps.uploads.join(
    JSON.stringify([session.base.origin, repository, digest, username, password]),
    signal,
    () => new BlobProgress(digest, size),
    (progress, stop) => uploadBlob(deps, target, progress, stop),
  );
}

/** @throws AppError, also when the registry has made another manifest of it. */
async function putManifest(
  { clock }: PushDeps,
  session: RegistrySession,
  name: ModelName,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const answered = await session.send(manifestUrl(session, name), {
    method: "PUT",
    headers: { "content-type": typeOf(bytes) },
    body: () => Uint8Array.from(bytes),
    signal,
  });
  const { response } = answered;
  if (!response.ok) throw refusalError("push model manifest", await readRefusal(answered, session), clock);
  await response.body?.cancel();
  const want = `sha256:${new Bun.CryptoHasher("sha256").update(bytes).digest("hex")}`;
  const got = response.headers.get("docker-content-digest") ?? want;
  if (got === want) return;
  throw new AppError("upstream", `push model manifest: the registry made "${got}" of "${want}"`);
}

/** The media type of a manifest, by its own field; only OCI's may lack that. */
function typeOf(bytes: Uint8Array): string {
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
  const type = isRecord(value) ? value.mediaType : undefined;
  return typeof type === "string" ? type : OCI_MANIFEST;
}
