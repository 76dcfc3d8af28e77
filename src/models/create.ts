import type { Quantize } from "../intent/quantize-job.ts";
import { badRequest } from "../lib/errors.ts";
import { renderManifest } from "../store/manifest.ts";
import { MEDIA } from "../store/media-type.ts";
import type { Store } from "../store/store.ts";
import type { CreateStatus, ModelCreation } from "./catalog.ts";
import { renderConfig } from "./config-json.ts";
import { type FloatType, isFloatType } from "./convert/dtype.ts";
import { refuseUnsupported } from "./create-refusals.ts";
import type { CreateSource, PlannedLayer } from "./create-source.ts";
import { addDraft } from "./draft-source.ts";
import type { ModelName } from "./name.ts";
import { checkParameters } from "./parameters.ts";
import { planConfig } from "./plan-config.ts";
import { planLayers, textLayer } from "./plan-layers.ts";
import { quantizeSource } from "./quantize/quantize-source.ts";
import { parseQuantizeType, type QuantizeType } from "./quantize/quantize-type.ts";
import { readSource } from "./read-source.ts";
import { Staging } from "./staging.ts";

/** @returns what is wrong with a TEMPLATE, or undefined. */
export type TemplateCheck = (template: string) => string | undefined;

/** The parts that a create works with. */
export interface CreateContext {
  store: Store;
  checkTemplate: TemplateCheck;
  quantize: Quantize;
}

/** Makes a model and installs it under its name; see {@link Catalog.create}. If a step fails, nothing that was written stays. */
export async function* createModel(
  context: CreateContext,
  request: ModelCreation,
  signal: AbortSignal,
): AsyncGenerator<CreateStatus> {
  refuseUnsupported(request);
  const { parameters, deprecated } = checkParameters(request.parameters ?? {});
  const complaint = request.template ? context.checkTemplate(request.template) : undefined;
  if (complaint !== undefined) throw badRequest(`template error: ${complaint}`);

  const named = { ...request.files, ...request.adapters, ...request.draftFiles };
  using _held = context.store.blobs.hold(Object.values(named));
  using staging = new Staging(context.store.blobs);
  const source = yield* readWeights(context, request, staging, signal);
  for (const key of deprecated) yield { status: `warning: parameter ${key} is deprecated` };
  const layers = planLayers(source.layers, { ...request, parameters });
  for (const { digest } of layers) {
    const exists = context.store.blobs.size(digest) !== undefined;
    yield { status: `${exists ? "using existing layer" : "creating new layer"} ${digest}` };
  }
  yield { status: "writing manifest" };
  signal.throwIfAborted();
  const config = renderConfig(planConfig(source, request));
  await install({ store: context.store, staging, name: request.name, source, layers, config });
  yield { status: "success" };
}

/** The model's source, with the weights quantized to the request's type, and with its draft. */
async function* readWeights(
  { store, quantize }: CreateContext,
  request: ModelCreation,
  staging: Staging,
  signal: AbortSignal,
): AsyncGenerator<CreateStatus, CreateSource> {
  const type = request.quantize ? parseQuantizeType(request.quantize) : undefined;
  const made = { store, staging, quantize, signal };
  const read = yield* readSource(request, { ...made, type: conversionType(type) });
  const source = type === undefined ? read : yield* quantizeSource(read, type, made);
  const draftType = request.draftQuantize ? parseQuantizeType(request.draftQuantize) : undefined;
  return yield* addDraft(source, request, { ...made, type: conversionType(draftType) });
}

/** Safetensors are converted to the request's type directly where possible: F16 in between would lose range or precision. */
function conversionType(type: QuantizeType | undefined): FloatType {
  return type !== undefined && isFloatType(type.name) ? type.name : "F16";
}

interface Installation {
  store: Store;
  staging: Staging;
  name: ModelName;
  source: CreateSource;
  layers: readonly PlannedLayer[];
  /** The config's JSON. */
  config: string;
}

/**
 * Writes the small layers and commits the model. All of them are staged, also those whose blobs exist: such a blob may be removed with
 * another model before the commit.
 */
async function install({ store, staging, name, source, layers, config }: Installation): Promise<void> {
  const configLayer = textLayer(MEDIA.config, config);
  const texts = [configLayer, ...layers].flatMap(({ digest, content }) =>
    content === undefined ? [] : [{ digest, content }],
  );
  for (const { content } of texts) await staging.add(content);
  const manifest = renderManifest({ config: configLayer, layers: [...layers] });
  store.commit({ name, manifest, staged: staging.files, gguf: source.rows, texts });
}
