import { defined } from "../lib/defined.ts";
import { AppError, badRequest } from "../lib/errors.ts";
import type { StagedBlob } from "../store/blob-files.ts";
import type { Layer } from "../store/manifest.ts";
import { MEDIA } from "../store/media-type.ts";
import type { CreateStatus } from "./catalog.ts";
import type { ConvertContext } from "./convert-source.ts";
import { mergeGguf } from "./gguf/merge.ts";
import { type ReadGguf, readGguf } from "./gguf-row.ts";

/** A GGUF, and the layer that it becomes. */
export interface ReadFile {
  layer: Layer;
  gguf: ReadGguf;
}

/** Reads a GGUF and decides which kind of layer it becomes. @param from the client's name for it. @throws AppError 400 for another file. */
export async function readLayer(
  { digest, size, path }: StagedBlob,
  from: string | undefined,
): Promise<ReadFile> {
  const gguf = await readGguf(digest, path).catch((error) => {
    throw from === undefined ? error : about(error, from);
  });
  return { layer: { mediaType: mediaTypeOf(gguf), digest, size, ...defined({ from }) }, gguf };
}

/** Puts the file's name into an error: a Modelfile may name several files, and a file may have a model's name. */
const about = (error: unknown, name: string): unknown =>
  error instanceof AppError && error.kind === "bad_request"
    ? badRequest(`${error.message} (${JSON.stringify(name)})`)
    : error;

/** The files with those among them that are parts of one model put together. @throws AppError 400 when a part is missing. */
export async function* mergeParts(
  files: ReadFile[],
  { store, staging, signal }: ConvertContext,
): AsyncGenerator<CreateStatus, ReadFile[]> {
  const parts = files.filter(isPart);
  if (parts.length === 0) return files;
  yield { status: `merging ${parts.length} parts` };
  const paths = parts.map(({ layer }) => store.blobs.path(layer.digest));
  const staged = await staging.make((path) => mergeGguf(paths, path, signal), signal);
  const merged = await readLayer(staged, parts[0]?.layer.from);
  return [merged, ...files.filter((file) => !isPart(file))];
}

const isPart = ({ gguf }: ReadFile): boolean => gguf.splits > 1;

function mediaTypeOf({ facts }: ReadGguf): string {
  if (facts.kind === "adapter") return MEDIA.adapter;
  const projects = facts.kind === "mmproj" || facts.kind === "projector" || facts.architecture === "clip";
  return projects ? MEDIA.projector : MEDIA.model;
}
