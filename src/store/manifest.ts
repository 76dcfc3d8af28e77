import { type Digest, parseDigest } from "../lib/digest.ts";
import { badRequest } from "../lib/errors.ts";
import { encodeGoJson } from "../lib/go-json.ts";
import { isRecord } from "../lib/is-record.ts";
import { MEDIA } from "./media-type.ts";

export interface Layer {
  mediaType: string;
  digest: Digest;
  /** Bytes. */
  size: number;
  /** The model or file that the layer was taken from. */
  from?: string;
}

export interface Manifest {
  config: Layer;
  layers: Layer[];
}

/** A manifest of ours, in the key order and with the newline that make its digest the one Ollama would get. */
export function renderManifest({ config, layers }: Manifest): Uint8Array {
  const text = encodeGoJson({
    schemaVersion: 2,
    mediaType: MEDIA.manifest,
    config: ordered(config),
    layers: layers.map(ordered),
  });
  return new TextEncoder().encode(`${text}\n`);
}

function ordered({ mediaType, digest, size, from }: Layer): object {
  return from === undefined ? { mediaType, digest, size } : { mediaType, digest, size, from };
}

/**
 * Reads a manifest, ours or a registry's. Keys that we do not know are left alone: the bytes are kept, not this.
 * @throws AppError 400 that says what is wrong with it.
 */
export function parseManifest(bytes: Uint8Array): Manifest {
  const root = decodeObject(bytes);
  if (Array.isArray(root.manifests)) {
    throw badRequest(
      "invalid manifest: it is a list of manifests for several platforms, which models do not have",
    );
  }
  if (!Array.isArray(root.layers)) throw badRequest("invalid manifest: it has no list of layers");
  return { config: parseLayer(root.config), layers: root.layers.map(parseLayer) };
}

/** Does the model run without this layer? A draft model only makes it faster. */
export const isOptional = ({ mediaType }: Pick<Layer, "mediaType">): boolean => mediaType === MEDIA.draft;

/** The manifest without some of its layers, otherwise as it is. */
export function withoutLayers(bytes: Uint8Array, digests: readonly Digest[]): Uint8Array {
  if (digests.length === 0) return bytes;
  const root = decodeObject(bytes);
  const layers = Array.isArray(root.layers) ? root.layers : [];
  const kept = layers.filter((layer) => !digests.includes(parseLayer(layer).digest));
  return new TextEncoder().encode(`${encodeGoJson({ ...root, layers: kept })}\n`);
}

/** The layers and the config of a manifest, each blob once; the config last, as Ollama has it. */
export const uniqueLayers = ({ config, layers }: Manifest): Layer[] => [
  ...new Map([...layers, config].map((layer) => [layer.digest, layer])).values(),
];

function decodeObject(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isRecord(value)) return value;
  } catch {
    throw badRequest("invalid manifest: it is not JSON");
  }
  throw badRequest("invalid manifest: it is not an object");
}

function parseLayer(value: unknown): Layer {
  if (!isRecord(value)) throw badRequest("invalid manifest: a layer is not an object");
  const { mediaType, size, from } = value;
  const digest = parseDigest(value.digest);
  if (digest === undefined) throw badRequest("invalid manifest: a layer has no valid digest");
  if (typeof mediaType !== "string") throw badRequest("invalid manifest: a layer has no media type");
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    throw badRequest("invalid manifest: a layer has no valid size");
  }
  return typeof from === "string" && from !== ""
    ? { mediaType, digest, size, from }
    : { mediaType, digest, size };
}
