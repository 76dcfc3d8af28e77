import { existsSync } from "node:fs";
import type { Digest } from "../lib/digest.ts";
import { AppError, badRequest } from "../lib/errors.ts";
import type { StagedBlob } from "../store/blob-files.ts";
import type { ModelCommit } from "../store/commit.ts";
import { isOptional, type Layer, parseManifest } from "../store/manifest.ts";
import { MEDIA } from "../store/media-type.ts";
import type { GgufRow, TextRow } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { whyNoWeights } from "./cloud.ts";
import { parseConfig } from "./config-json.ts";
import { readGguf } from "./gguf-row.ts";
import { parseMessages } from "./messages-json.ts";
import { type ModelName, shortName } from "./name.ts";
import { parseParameters } from "./parameters.ts";

/** Larger ones are no texts, whatever their media type says. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

const GGUFS: readonly string[] = [MEDIA.model, MEDIA.projector, MEDIA.adapter];
const TEXTS: readonly string[] = [
  MEDIA.config,
  MEDIA.template,
  MEDIA.prompt,
  MEDIA.system,
  MEDIA.params,
  MEDIA.messages,
  MEDIA.license,
];

/** A model that was made elsewhere: imported, pulled, or found in the store's directory. */
export interface Installation {
  name: ModelName;
  /** Kept byte for byte. Every digest in it is a blob already, or among `staged`. */
  manifest: Uint8Array;
  /** Consumed in any case. */
  staged?: readonly StagedBlob[];
  /** Called at the last moment before the commit; an error that it throws prevents the commit. */
  guard?(): void;
  /** The manifest lies in the store's own tree, and its blobs in `blobs/`, which the books may not know. */
  isFound?: true;
  /** When the model was made, milliseconds since the epoch. Default: now. */
  modifiedAt?: number;
}

/** Facts that were read out of the blobs of a model. */
export type Facts = Pick<ModelCommit, "gguf" | "texts">;

/**
 * Installs a model that an import or a pull has brought: reads the facts of its blobs, and commits it under its name.
 *
 * @returns how many blobs were removed that only the name's former model used.
 * @throws AppError 400 that says what is wrong with the manifest or a blob; the errors of `guard`. Nothing is installed then.
 */
export async function installManifest(
  store: Store,
  { name, manifest, staged = [], guard, ...more }: Installation,
): Promise<number> {
  try {
    const { config, layers } = parseManifest(manifest);
    const paths = new Map(staged.map(({ digest, path }) => [digest, path]));
    const pathOf = (digest: Digest): string => paths.get(digest) ?? store.blobs.path(digest);
    if (!layers.some(({ mediaType }) => mediaType === MEDIA.model)) {
      const { content } = await readText(config, pathOf(config.digest));
      throw badRequest(whyNoWeights(parseConfig(content), shortName(name)));
    }
    const facts = await readFacts([config, ...layers], pathOf);
    guard?.();
    return store.commit({ name, manifest, staged, ...facts, ...more });
  } finally {
    store.blobs.discard(staged);
  }
}

/** Reads the facts of a model's blobs. @throws AppError 400 that says what is wrong with one; the system's error for a missing file. */
export async function readFacts(
  layers: readonly Layer[],
  pathOf: (digest: Digest) => string,
): Promise<Facts> {
  const texts: TextRow[] = [];
  const gguf: GgufRow[] = [];
  for (const layer of layers) {
    if (TEXTS.includes(layer.mediaType)) texts.push(await readText(layer, pathOf(layer.digest)));
    if (GGUFS.includes(layer.mediaType)) gguf.push(await readWeights(layer, pathOf(layer.digest)));
    if (isOptional(layer)) gguf.push(...(await readDraft(layer, pathOf(layer.digest))));
  }
  return { texts, gguf };
}

async function readWeights({ digest }: Layer, path: string): Promise<GgufRow> {
  const { row, splits } = await readGguf(digest, path);
  if (splits > 1)
    throw badRequest(`blob "${digest}" is one of ${splits} parts of a GGUF, which are not supported`);
  return row;
}

/** Facts of a draft model. None when its file is missing or cannot be read: the draft is not used then. */
async function readDraft(layer: Layer, path: string): Promise<GgufRow[]> {
  if (!existsSync(path)) return [];
  try {
    return [await readWeights(layer, path)];
  } catch (error) {
    if (error instanceof AppError && error.kind === "bad_request") return [];
    throw error;
  }
}

/** Texts are hashed again, since it costs nothing and the books answer from them. */
async function readText({ mediaType, digest, size }: Layer, path: string): Promise<TextRow> {
  const file = Bun.file(path);
  // The manifest may understate the size.
  if (Math.max(size, file.size) > MAX_TEXT_BYTES)
    throw badRequest(`blob "${digest}" is too large for ${mediaType}`);
  const bytes = await file.bytes();
  if (`sha256:${new Bun.CryptoHasher("sha256").update(bytes).digest("hex")}` !== digest) {
    throw badRequest(`blob "${digest}" is corrupt: its content has another digest`);
  }
  const content = new TextDecoder().decode(bytes);
  checkText(mediaType, content);
  return { digest, content };
}

/** A text that cannot be read would fail every request for the model, so it fails the installation. */
function checkText(mediaType: string, content: string): void {
  try {
    if (mediaType === MEDIA.params) parseParameters(content);
    if (mediaType === MEDIA.messages) parseMessages(content);
  } catch (error) {
    throw badRequest(AppError.from(error).message);
  }
}
