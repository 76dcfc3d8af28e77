import { defined } from "../lib/defined.ts";
import type { ModelListRow } from "../store/list-query.ts";
import type { Store } from "../store/store.ts";
import { detectCapabilities } from "./capabilities.ts";
import type { ModelDetails, ModelSummary } from "./catalog.ts";
import { type ModelConfig, parseConfig } from "./config-json.ts";
import { detailsOf } from "./details.ts";
import { shortName } from "./name.ts";
import type { Lookups } from "./resolve.ts";

/**
 * All models that can be run, newest first. The list is made anew when the books have changed: one query then, unless a template has
 * not been seen before; no GGUF is opened.
 */
export function createModelList(store: Store, lookups: Lookups): () => readonly ModelSummary[] {
  let known: { revision: string; models: readonly ModelSummary[] } | undefined;
  return () => {
    const revision = `${store.reads.revision()} ${lookups.canSee()}`;
    if (known?.revision !== revision) {
      known = { revision, models: store.reads.list().map((listed) => summarize(lookups, listed)) };
    }
    return known.models;
  };
}

function summarize({ templates, projectors, canSee }: Lookups, listed: ModelListRow): ModelSummary {
  const config = parseConfig(listed.config ?? "{}");
  const { weightsDigest, templateDigest, poolingType, fillsMiddle, ranks } = listed;
  const weights = listed.architecture === null ? undefined : { poolingType, fillsMiddle, ranks };
  return {
    shortName: shortName(listed),
    manifestDigest: listed.manifestDigest,
    size: listed.size,
    modifiedAt: listed.modifiedAt,
    details: withLengths(detailsOf(config, listed, listed.parentModel), config, listed),
    capabilities: detectCapabilities({
      declared: config.capabilities ?? [],
      family: config.family,
      weights,
      senses: canSee() ? projectors(listed.projectorDigest, weightsDigest)?.senses : undefined,
      template: templates(templateDigest, weightsDigest),
      renderer: config.renderer,
      parser: config.parser,
    }),
  };
}

function withLengths(details: ModelDetails, config: ModelConfig, listed: ModelListRow): ModelDetails {
  const contextLength = config.contextLength ?? listed.contextLength;
  const embeddingLength = config.embeddingLength ?? listed.embeddingLength;
  return {
    ...details,
    ...defined({ contextLength: contextLength || undefined, embeddingLength: embeddingLength || undefined }),
  };
}
