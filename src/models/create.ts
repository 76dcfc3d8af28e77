import { badRequest } from "../lib/errors.ts";
import type { StagedBlob } from "../store/blob-files.ts";
import { renderManifest } from "../store/manifest.ts";
import { MEDIA } from "../store/media-type.ts";
import type { Store } from "../store/store.ts";
import type { CreateRequest, CreateStatus } from "./catalog.ts";
import { renderConfig } from "./config-json.ts";
import { refuseUnsupported } from "./create-refusals.ts";
import { type CreateSource, type PlannedLayer, readSource } from "./create-source.ts";
import type { ModelName } from "./name.ts";
import { checkParameters } from "./parameters.ts";
import { planConfig } from "./plan-config.ts";
import { planLayers, textLayer } from "./plan-layers.ts";

/** @returns what is wrong with a TEMPLATE, or undefined. */
export type TemplateCheck = (template: string) => string | undefined;

/** Makes a model and installs it under its name; see {@link Catalog.create}. Until the last step nothing is written that stays. */
export async function* createModel(
  store: Store,
  checkTemplate: TemplateCheck,
  request: CreateRequest,
  signal: AbortSignal,
): AsyncGenerator<CreateStatus> {
  refuseUnsupported(request);
  const { parameters, deprecated } = checkParameters(request.parameters ?? {});
  const complaint = request.template ? checkTemplate(request.template) : undefined;
  if (complaint !== undefined) throw badRequest(`template error: ${complaint}`);

  const source = yield* readSource(store, request);
  for (const key of deprecated) yield { status: `warning: parameter ${key} is deprecated` };
  const layers = planLayers(source.layers, { ...request, parameters });
  for (const { digest } of layers) {
    const exists = store.blobs.size(digest) !== undefined;
    yield { status: `${exists ? "using existing layer" : "creating new layer"} ${digest}` };
  }
  yield { status: "writing manifest" };
  signal.throwIfAborted();
  await install(store, request.name, source, layers, renderConfig(planConfig(source, request.requires)));
  yield { status: "success" };
}

/**
 * Writes the small layers and commits the model. All of them are staged, those that exist as well: one that exists at this moment
 * may be removed with another model before the commit.
 */
async function install(
  store: Store,
  name: ModelName,
  source: CreateSource,
  layers: readonly PlannedLayer[],
  configJson: string,
): Promise<void> {
  const config = textLayer(MEDIA.config, configJson);
  const texts = [config, ...layers].flatMap(({ digest, content }) =>
    content === undefined ? [] : [{ digest, content }],
  );
  const staged: StagedBlob[] = [];
  try {
    for (const { content } of texts) staged.push(await store.blobs.stage(new TextEncoder().encode(content)));
    const manifest = renderManifest({ config, layers: [...layers] });
    store.commit({ name, manifest, staged, gguf: source.rows, texts });
  } finally {
    store.blobs.discard(staged);
  }
}
