import { defined } from "../lib/defined.ts";
import type { Store } from "../store/store.ts";
import type { ModelReport, ShowOverrides } from "./catalog.ts";
import { detailsOf } from "./details.ts";
import { readGgufHeader } from "./gguf/header.ts";
import { modelInfoOf, parseModelInfo, parseTensors } from "./model-info.ts";
import { renderModelfile } from "./modelfile-text.ts";
import { type ModelName, shortName } from "./name.ts";
import { renderParameterText } from "./parameters-text.ts";
import { capabilitiesOf, findStoredModel, type Lookups } from "./resolve.ts";
import type { StoredModel } from "./stored-model.ts";
import type { TemplateLookup } from "./template-traits.ts";

/** The TEMPLATE of a model that has none. */
const DEFAULT_TEMPLATE = "{{ .Prompt }}";

/** The report of `show` on one model. Only `verbose` opens its GGUF, whose vocabulary is not in the books. */
export async function showModel(
  store: Store,
  lookups: Lookups,
  name: ModelName,
  overrides: ShowOverrides,
): Promise<ModelReport | undefined> {
  const model = findStoredModel(store, name);
  if (model === undefined) return undefined;
  const { row, config, facts, weights } = model;
  const system = overrides.system ?? model.system ?? "";
  const [projector] = model.projectors;
  const details = store.reads.ggufDetails(weights.digest);
  return {
    license: model.licenses.join("\n"),
    modelfile: modelfileOf(store, model, { ...overrides, system }),
    parameters: renderParameterText(model.parameters),
    template: templateShown(lookups.templates, model),
    system,
    renderer: config.renderer,
    parser: config.parser,
    details: detailsOf(config, facts, weights.from),
    messages: model.messages,
    modelInfo: overrides.verbose
      ? modelInfoOf(await readGgufHeader(store.blobs.path(weights.digest)), true)
      : parseModelInfo(details?.metadata ?? "{}"),
    ...(projector && {
      projectorInfo: parseModelInfo(store.reads.ggufDetails(projector.digest)?.metadata ?? "{}"),
    }),
    tensors: parseTensors(details?.tensors ?? "[]"),
    capabilities: capabilitiesOf(lookups, model),
    modifiedAt: row.modifiedAt,
    ...defined({ requires: config.requires }),
  };
}

/** The template that prompts are made with. */
function templateShown(templates: TemplateLookup, { template, weights, facts }: StoredModel): string {
  if (templates(template?.digest, weights.digest)?.type === "jinja")
    return facts?.chatTemplate ?? DEFAULT_TEMPLATE;
  return template?.text ?? DEFAULT_TEMPLATE;
}

function modelfileOf(
  store: Store,
  { row, config, facts, weights, adapters, projectors, draft, ...model }: StoredModel,
  overrides: ShowOverrides & { system: string },
): string {
  const path = ({ digest }: { digest: StoredModel["weights"]["digest"] }) => store.blobs.path(digest);
  // A default TEMPLATE in the file would take precedence over the GGUF's own one in a model created from it.
  const fallback = facts?.chatTemplate ? undefined : DEFAULT_TEMPLATE;
  return renderModelfile({
    shortName: shortName(row),
    weightsPath: path(weights),
    adapterPaths: adapters.map(path),
    // The Modelfile cannot name a draft that was not fetched.
    draftPath: draft && store.blobs.size(draft.digest) !== undefined ? path(draft) : undefined,
    projectorPaths: projectors.map(path),
    template: model.template?.text ?? fallback,
    system: overrides.system === "" ? undefined : overrides.system,
    renderer: config.renderer,
    parser: config.parser,
    parameters: { ...model.parameters, ...overrides.parameters },
    licenses: model.licenses,
    messages: model.messages,
    requires: config.requires,
  });
}
