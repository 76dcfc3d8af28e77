import { notFound } from "../lib/errors.ts";
import type { ModelName } from "../models/name.ts";
import { MEDIA } from "../store/media-type.ts";
import { readBounded } from "./read-bounded.ts";
import type { RegistrySession } from "./session.ts";
import { upstream } from "./upstream.ts";

/** More than the manifest of any model, and little enough to be read into memory. */
const MAX_BYTES = 4 * 2 ** 20;

/** A registry's name for the model: `<namespace>/<model>`. */
export const repositoryOf = ({ namespace, model }: Pick<ModelName, "namespace" | "model">): string =>
  `${namespace}/${model}`;

/** Where a repository's manifests and blobs are: `/v2/<namespace>/<model>`. */
export const repositoryPath = (repository: string): string => `/v2/${repository}`;

/** Where a model's manifest is fetched from and sent to. */
export const manifestUrl = ({ base }: RegistrySession, name: ModelName): URL =>
  new URL(`${repositoryPath(repositoryOf(name))}/manifests/${name.tag}`, base);

/**
 * The manifest of a model, byte for byte (docs/behaviour: registry-and-store §6).
 *
 * @throws AppError 404 `pull model manifest: file does not exist`, or with the registry's own reason.
 */
export async function fetchManifest(
  session: RegistrySession,
  name: ModelName,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { response, url } = await session.send(manifestUrl(session, name), {
    method: "GET",
    headers: { accept: MEDIA.manifest },
    signal,
  });
  const bytes = await readBounded(response, MAX_BYTES, "pull model manifest");
  if (response.status === 404) throw notFound("pull model manifest: file does not exist");
  if (response.status !== 200) {
    const reason = session.reasonOf(url, new TextDecoder().decode(bytes));
    throw upstream(`pull model manifest: ${response.status}: ${reason}`);
  }
  return bytes;
}
