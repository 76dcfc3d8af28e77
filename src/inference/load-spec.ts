import type { LoadOptions, LoadSpec } from "../engine/port.ts";
import type { ResolvedModel } from "../models/catalog.ts";

/** What the engine has to know to load an installed model with these options. */
export const loadSpecOf = (model: ResolvedModel, options: LoadOptions): LoadSpec => ({
  name: model.shortName,
  manifestDigest: model.manifestDigest,
  weightsDigest: model.weights.digest,
  weightsPath: model.weights.path,
  weightsBytes: model.weights.bytes,
  adapterPaths: model.adapters.map(({ path }) => path),
  embeddingOnly: model.embeddingOnly,
  ranks: model.ranks,
  trainedContext: model.trainedContext,
  options,
});
