import type { Layer } from "../store/manifest.ts";
import type { GgufFactsRow } from "../store/model-reads.ts";
import type { GgufRow } from "../store/schema.ts";
import type { ModelConfig } from "./config-json.ts";

/** A layer of a model to be made; `content` is set where the layer's blob may have to be written first. */
export interface PlannedLayer extends Layer {
  content?: string;
}

/** The layers and facts that a model is made from. */
export interface CreateSource {
  layers: PlannedLayer[];
  /** Facts of the layers that are GGUFs: weights first, then adapters and projectors. */
  facts: Omit<GgufFactsRow, "chatTemplate">[];
  /** Rows for those GGUFs that the books do not have yet. */
  rows: GgufRow[];
  /** The base's config. */
  config?: ModelConfig;
}
