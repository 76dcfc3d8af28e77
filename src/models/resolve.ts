import type { ModelShape } from "../intent/model-shape.ts";
import { defined, ifDefined } from "../lib/defined.ts";
import type { Digest } from "../lib/digest.ts";
import { finalRenderer } from "../prompt/renderers/index.ts";
import type { Store } from "../store/store.ts";
import { detectCapabilities } from "./capabilities.ts";
import type { Capability, ResolvedModel } from "./catalog.ts";
import type { ModelConfig } from "./config-json.ts";
import { detailsOf } from "./details.ts";
import { whyNoDraft } from "./drafts.ts";
import { fullName, type ModelName, shortName } from "./name.ts";
import type { Projector, ProjectorLookup } from "./projectors.ts";
import { readSettings } from "./settings.ts";
import { readStoredModel, type StoredModel } from "./stored-model.ts";
import type { TemplateLookup } from "./template-traits.ts";

/** Reads a model by name; undefined when there is none, or when one of its blobs is gone. */
export function findStoredModel(store: Store, name: ModelName): StoredModel | undefined {
  const row = store.reads.find(name);
  if (row === undefined || store.reads.isBroken(row.manifestDigest)) return undefined;
  const model = readStoredModel(store.reads, row);
  return model !== undefined && store.blobs.size(model.weights.digest) !== undefined ? model : undefined;
}

/** Facts of models that are not rows of the books. */
export interface Lookups {
  templates: TemplateLookup;
  projectors: ProjectorLookup;
  /** Is libmtmd there, or can it be built? */
  canSee(): boolean;
  /** Facts about memory of the weights' header; undefined where it was not read. */
  shapes(weights: Digest): ModelShape | undefined;
}

const projectorOf = ({ projectors }: Lookups, model: StoredModel): Projector | undefined =>
  projectors(model.projectors[0]?.digest, model.weights.digest);

export function capabilitiesOf(lookups: Lookups, model: StoredModel): Capability[] {
  const senses = lookups.canSee() ? projectorOf(lookups, model)?.senses : undefined;
  return detectCapabilities({
    declared: model.config.capabilities ?? [],
    family: model.config.family,
    weights: model.facts,
    senses,
    template: lookups.templates(model.template?.digest, model.weights.digest),
    renderer: model.config.renderer,
    parser: model.config.parser,
  });
}

const rendererOf = (renderer: string, { parameterSize }: ModelConfig, name: ModelName): string =>
  finalRenderer(renderer, { shortName: shortName(name), fullName: fullName(name), parameterSize });

/** A model with all that is needed to run it. Opens no GGUF. */
export function runnableModel(store: Store, lookups: Lookups, asked: ModelName): ResolvedModel | undefined {
  const model = findStoredModel(store, asked);
  if (model === undefined) return undefined;
  const { row, facts, weights, config } = model;
  const { host, namespace, model: title, tag } = row;
  const name: ModelName = { host, namespace, model: title, tag };
  const path = store.blobs.path;
  const projector = projectorOf(lookups, model);
  const draft = draftOf(store, lookups, model);
  const shape = lookups.shapes(weights.digest);
  const inEffect = lookups.templates(model.template?.digest, weights.digest);
  return {
    name,
    fullName: fullName(name),
    shortName: shortName(name),
    manifestDigest: row.manifestDigest,
    weights: { digest: weights.digest, path: path(weights.digest), bytes: weights.size },
    adapters: model.adapters.map(({ digest, size }) => ({ digest, path: path(digest), bytes: size })),
    ...(shape && { shape }),
    ...(projector && { projector: fileOf(projector) }),
    ...(draft && { draft }),
    missingSenses: lookups.canSee() ? [] : (projector?.senses ?? []),
    details: detailsOf(config, facts, weights.from),
    architecture: facts?.architecture ?? config.family,
    trainedContext: facts?.contextLength ?? 0,
    embeddingOnly: facts !== undefined && (facts.poolingType !== null || facts.ranks),
    ranks: facts?.ranks ?? false,
    capabilities: capabilitiesOf(lookups, model),
    ...(facts?.chatTemplate && { chatTemplate: facts.chatTemplate }),
    ...(inEffect?.type === "go" && model.template?.text && { template: model.template.text }),
    ...defined({
      renderer: ifDefined(config.renderer, (renderer) => rendererOf(renderer, config, name)),
      parser: config.parser,
      system: model.system,
    }),
    settings: readSettings(row.settings),
    parameters: model.parameters,
    messages: model.messages,
  };
}

/** The draft model, where it was fetched and can be run. */
function draftOf({ reads, blobs }: Store, { shapes }: Lookups, { draft }: StoredModel) {
  const bytes = draft && blobs.size(draft.digest);
  const facts = draft && reads.gguf(draft.digest);
  if (draft === undefined || bytes === undefined || facts === undefined) return undefined;
  const shape = shapes(draft.digest);
  return whyNoDraft(facts) === undefined
    ? { path: blobs.path(draft.digest), bytes, ...(shape && { shape }) }
    : undefined;
}

const fileOf = ({ path, bytes, from }: Projector) => ({ path, bytes, ...defined({ from }) });
