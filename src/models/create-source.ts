import type { Layer } from "../store/manifest.ts";
import type { GgufFactsRow } from "../store/model-reads.ts";
import type { GgufRow } from "../store/schema.ts";
import type { ModelConfig } from "./config-json.ts";

/** A layer of a model to come; `content` is that of a layer which may have to be written first. */
export interface PlannedLayer extends Layer {
  content?: string;
}

/** What a model is made from. */
export interface CreateSource {
  layers: PlannedLayer[];
  /** Facts of the layers that are GGUFs: weights first, then adapters and projectors. */
  facts: Omit<GgufFactsRow, "chatTemplate">[];
  /** Of those, the ones that the books do not have yet. */
  rows: GgufRow[];
  /** The base's config. */
  config?: ModelConfig;
}
