import { defined } from "../lib/defined.ts";
import type { Digest } from "../lib/digest.ts";
import { badRequest, notFound } from "../lib/errors.ts";
import { MEDIA } from "../store/media-type.ts";
import type { Store } from "../store/store.ts";
import type { CreateStatus, ModelCreation } from "./catalog.ts";
import { type ConvertContext, convertFiles } from "./convert-source.ts";
import { checkFileNames, isSafetensors, refuseSafetensorsAdapters } from "./create-refusals.ts";
import type { CreateSource } from "./create-source.ts";
import { readGgufHeader } from "./gguf/header.ts";
import { translate } from "./layouts/translate.ts";
import { architectureOf } from "./layouts/view.ts";
import { mergeParts, type ReadFile, readLayer } from "./merge-source.ts";
import { parseModelName, shortName } from "./name.ts";
import { findStoredModel } from "./resolve.ts";
import type { Staging } from "./staging.ts";

/** The layers that `from` or `files`, and `adapters`, stand for. Safetensors are converted on the way. @throws AppError 400 or 404. */
export async function* readSource(
  request: ModelCreation,
  context: ConvertContext,
): AsyncGenerator<CreateStatus, CreateSource> {
  const { from, files, adapters = {} } = request;
  const { store } = context;
  checkFileNames({ ...files, ...adapters, ...request.draftFiles });
  refuseSafetensorsAdapters(adapters);
  if (!from && files === undefined) throw badRequest("neither 'from' or 'files' was specified");
  if (from && files !== undefined) yield { status: "warning: files are ignored, because from is given" };
  const base = from ? sourceFromModel(store, from) : yield* sourceFromFiles(files ?? {}, context);
  const added = yield* readAdapters(context, adapters, base);
  return {
    ...base,
    layers: [...base.layers, ...added.map(({ layer }) => layer)],
    facts: [...base.facts, ...added.map(({ gguf }) => gguf.row)],
    rows: [...base.rows, ...added.map(({ gguf }) => gguf.row)],
  };
}

/** @param from a model's name. @throws AppError 400 or 404. */
export function sourceFromModel(store: Store, from: string): CreateSource {
  const name = parseModelName(from.trim());
  if (name === undefined) throw badRequest("invalid model name");
  const model = findStoredModel(store, name);
  if (model === undefined) throw notFound(`model '${from}' not found`);
  const binaries = [model.weights, ...model.adapters, ...model.projectors];
  // A draft that was not fetched is left out: the model runs without it.
  const there = model.layers.filter(
    ({ mediaType, digest }) => mediaType !== MEDIA.draft || store.blobs.size(digest) !== undefined,
  );
  return {
    layers: there.map(({ mediaType, digest, size, text }) => ({
      mediaType,
      digest,
      size,
      from: shortName(model.row),
      ...defined({ content: text ?? undefined }),
    })),
    facts: binaries.flatMap(({ digest }) => store.reads.gguf(digest) ?? []),
    rows: [],
    config: model.config,
  };
}

/** @throws AppError 400. */
export async function* sourceFromFiles(
  files: Record<string, Digest>,
  context: ConvertContext,
): AsyncGenerator<CreateStatus, CreateSource> {
  const names = Object.keys(files);
  if (names.length === 0) throw badRequest("no files provided to convert");
  if (names.some(isSafetensors)) return yield* convertFiles(files, context);
  const read = yield* mergeParts(yield* readFiles(context.store, files), context);
  const weights = read.filter(({ layer }) => layer.mediaType === MEDIA.model);
  if (weights.length === 0) throw badRequest("none of the files is a model: they are adapters or projectors");
  if (weights.length > 1) throw badRequest("more than one of the files is a model");
  const sorted = [...weights, ...read.filter(({ layer }) => layer.mediaType !== MEDIA.model)];
  const rows = sorted.map(({ gguf }) => gguf.row);
  return { layers: sorted.map(({ layer }) => layer), facts: rows, rows };
}

async function* readAdapters(
  { store, staging }: ConvertContext,
  adapters: Record<string, Digest>,
  base: CreateSource,
): AsyncGenerator<CreateStatus, ReadFile[]> {
  if (Object.keys(adapters).length > 1) throw badRequest("only one adapter is currently supported");
  const read = yield* readFiles(store, adapters);
  if (read.length === 0) return read;
  const architecture = await loadedArchitecture(base, staging);
  for (const { layer, gguf } of read) {
    if (gguf.splits > 1) throw badRequest(`"${layer.from}" is one of ${gguf.splits} parts of an adapter`);
    if (layer.mediaType !== MEDIA.adapter) throw badRequest(`"${layer.from}" is not an adapter`);
    if (architecture !== undefined && gguf.row.architecture !== architecture) {
      throw badRequest(
        `"${layer.from}" is an adapter for "${gguf.row.architecture}", and the model is "${architecture}"`,
      );
    }
  }
  return read;
}

/** llama.cpp's name for the base's architecture, which may differ from the file's: llama.cpp compares an adapter's architecture with it. */
async function loadedArchitecture(
  { layers, facts }: CreateSource,
  staging: Staging,
): Promise<string | undefined> {
  const weights = layers.find(({ mediaType }) => mediaType === MEDIA.model);
  if (weights === undefined) return facts[0]?.architecture;
  const header = await readGgufHeader(staging.pathOf(weights.digest));
  return architectureOf(translate(header) ?? header);
}

async function* readFiles(
  store: Store,
  files: Record<string, Digest>,
): AsyncGenerator<CreateStatus, ReadFile[]> {
  const read: ReadFile[] = [];
  for (const [name, digest] of Object.entries(files)) {
    if (!store.blobs.claim(digest)) throw badRequest(`blob "${digest}" not found`);
    yield { status: "parsing GGUF" };
    const size = store.blobs.size(digest) ?? 0;
    read.push(await readLayer({ digest, size, path: store.blobs.path(digest) }, name));
  }
  return read;
}
