import type { Digest } from "../lib/digest.ts";
import { badRequest } from "../lib/errors.ts";
import { MEDIA } from "../store/media-type.ts";
import type { Store } from "../store/store.ts";
import type { CreateStatus } from "./catalog.ts";
import { convertSafetensors } from "./convert/convert.ts";
import type { FloatType } from "./convert/dtype.ts";
import type { ModelFolder } from "./convert/folder.ts";
import type { CreateSource } from "./create-source.ts";
import { readGguf } from "./gguf-row.ts";
import type { Staging } from "./staging.ts";

/** The parts that converting uploaded files works with. */
export interface ConvertContext {
  store: Store;
  staging: Staging;
  signal: AbortSignal;
  /** The type that its matrices get. */
  type: FloatType;
}

/**
 * A model out of uploaded safetensors, config.json and tokenizer, converted to one GGUF.
 * @throws AppError 400 when a file is missing or the model is of a family that cannot be converted.
 */
export async function* convertFiles(
  files: Record<string, Digest>,
  { store, staging, signal, type }: ConvertContext,
): AsyncGenerator<CreateStatus, CreateSource> {
  const folder = folderOf(files, store);
  yield { status: "converting model" };
  const warnings: string[] = [];
  const staged = await staging.make(async (path) => {
    warnings.push(...(await convertSafetensors(folder, path, { type }, signal)));
  }, signal);
  for (const warning of warnings) yield { status: `warning: ${warning}` };
  yield { status: "verifying conversion" };
  const { digest, size, path } = staged;
  const { row } = await readGguf(digest, path);
  return { layers: [{ mediaType: MEDIA.model, digest, size }], facts: [row], rows: [row] };
}

function folderOf(files: Record<string, Digest>, store: Store): ModelFolder {
  const blobs = Object.entries(files).map(([path, digest]) => {
    if (!store.blobs.claim(digest)) throw badRequest(`blob "${digest}" not found`);
    if (/\.gguf$/i.test(path))
      throw badRequest(`"${path}" is a GGUF among safetensors: a model is one or the other`);
    return [path, Bun.file(store.blobs.path(digest))] as const;
  });
  return { files: new Map(blobs) };
}
