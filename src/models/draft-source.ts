import { badRequest } from "../lib/errors.ts";
import { MEDIA } from "../store/media-type.ts";
import type { CreateStatus, ModelCreation } from "./catalog.ts";
import type { ConvertContext } from "./convert-source.ts";
import type { CreateSource, PlannedLayer } from "./create-source.ts";
import { whyNoDraft } from "./drafts.ts";
import { readGgufHeader } from "./gguf/header.ts";
import type { GgufMetadata } from "./gguf/value.ts";
import { vocabularyDifference } from "./gguf/vocabulary-difference.ts";
import { translate } from "./layouts/translate.ts";
import { type QuantizeContext, quantizeSource } from "./quantize/quantize-source.ts";
import { parseQuantizeType } from "./quantize/quantize-type.ts";
import { sourceFromFiles, sourceFromModel } from "./read-source.ts";
import type { Staging } from "./staging.ts";

type Asked = Pick<ModelCreation, "draft" | "draftFiles" | "draftQuantize">;

/**
 * The model with the draft that the request names, in place of one that it had.
 * @throws AppError 400 for one that could not guess for it, 404 for a model that is not installed.
 */
export async function* addDraft(
  source: CreateSource,
  asked: Asked,
  context: ConvertContext & QuantizeContext,
): AsyncGenerator<CreateStatus, CreateSource> {
  const read = yield* readDraft(asked, context);
  if (read === undefined) return source;
  const weights = weightsOf(read);
  const facts = read.facts.find(({ digest }) => digest === weights?.digest);
  const target = weightsOf(source);
  if (weights === undefined || facts === undefined || target === undefined) throw noModel();
  const { staging } = context;
  const why =
    whyNoDraft(facts) ??
    vocabularyDifference(await metadataOf(target, staging), await metadataOf(weights, staging));
  if (why !== undefined) throw badRequest(`DRAFT cannot guess for this model: ${why}`);
  return {
    ...source,
    layers: [
      ...source.layers.filter(({ mediaType }) => mediaType !== MEDIA.draft),
      { ...weights, mediaType: MEDIA.draft },
    ],
    rows: [...source.rows, ...read.rows.filter(({ digest }) => digest === weights.digest)],
  };
}

async function* readDraft(
  { draft, draftFiles, draftQuantize }: Asked,
  context: ConvertContext & QuantizeContext,
): AsyncGenerator<CreateStatus, CreateSource | undefined> {
  if (draft === undefined && draftFiles === undefined) return undefined;
  const read =
    draft === undefined
      ? yield* sourceFromFiles(draftFiles ?? {}, context)
      : sourceFromModel(context.store, draft);
  if (read.layers.some(({ mediaType }) => mediaType === MEDIA.adapter))
    throw badRequest("DRAFT names a model with an adapter, which is not applied to drafts");
  return draftQuantize === undefined
    ? read
    : yield* quantizeSource(read, parseQuantizeType(draftQuantize), context);
}

const noModel = () => badRequest("DRAFT names no model");

const weightsOf = ({ layers }: CreateSource): PlannedLayer | undefined =>
  layers.find(({ mediaType }) => mediaType === MEDIA.model);

/** The metadata of its header, as llama.cpp reads it. */
async function metadataOf({ digest }: PlannedLayer, staging: Staging): Promise<GgufMetadata> {
  const header = await readGgufHeader(staging.pathOf(digest));
  return (translate(header) ?? header).metadata;
}
