import type { Quantize } from "../../intent/quantize-job.ts";
import { reporting } from "../../lib/reporting.ts";
import type { StagedBlob } from "../../store/blob-files.ts";
import { MEDIA } from "../../store/media-type.ts";
import type { CreateStatus } from "../catalog.ts";
import type { CreateSource } from "../create-source.ts";
import { fileTypeName } from "../gguf/file-types.ts";
import { type GgufHeader, readGgufHeader } from "../gguf/header.ts";
import { readGguf } from "../gguf-row.ts";
import { writeCopy } from "../layouts/copy.ts";
import { restoredTensors } from "../layouts/restore.ts";
import { translate } from "../layouts/translate.ts";
import type { Translation } from "../layouts/translation.ts";
import type { Staging } from "../staging.ts";
import { checkQuantizeSource, type QuantizeType } from "./quantize-type.ts";

/** Ollama's stand-in for a digest that is not known before the work is done (docs/behaviour: api-native §11). */
const NO_DIGEST = "0000000000000000000";

/** The parts that quantizing a new model works with. */
export interface QuantizeContext {
  staging: Staging;
  quantize: Quantize;
  signal: AbortSignal;
}

/**
 * `source` with its weights quantized; adapters and projectors stay as they are. Weights of that type already are left alone.
 * @throws AppError when they are quantized to another type, or when llama.cpp cannot do it.
 */
export async function* quantizeSource(
  source: CreateSource,
  type: QuantizeType,
  context: QuantizeContext,
): AsyncGenerator<CreateStatus, CreateSource> {
  const weights = source.layers.find(({ mediaType }) => mediaType === MEDIA.model);
  const facts = source.facts.find(({ digest }) => digest === weights?.digest);
  if (weights === undefined || facts === undefined) return source;
  checkQuantizeSource(facts.fileType);
  if (facts.fileType === type.fileType) return source;
  const { staging } = context;
  const status = `quantizing ${fileTypeName(facts.fileType ?? undefined)} model to ${type.name}`;
  const staged = yield* quantizeWeights(staging.pathOf(weights.digest), type, status, context);
  staging.drop(weights.digest);
  yield { status: "verifying conversion" };
  const { row } = await readGguf(staged.digest, staged.path);
  const { digest, size } = staged;
  return {
    ...source,
    layers: source.layers.map((layer) => (layer === weights ? { ...weights, digest, size } : layer)),
    facts: source.facts.map((known) => (known === facts ? row : known)),
    rows: [row, ...source.rows.filter((known) => known.digest !== weights.digest)],
  };
}

/** llama.cpp quantizes what it can load, so that a file of another layout is translated first, and put together again. */
async function* quantizeWeights(
  from: string,
  type: QuantizeType,
  status: string,
  context: QuantizeContext,
): AsyncGenerator<CreateStatus, StagedBlob> {
  const header = await readGgufHeader(from);
  const translation = translate(header);
  if (translation === undefined) return yield* quantizeFile(from, type, status, context);
  const { staging, signal } = context;
  yield { status: "converting model" };
  const { metadata, tensors } = translation;
  const copy = await staging.make(
    (path) => writeCopy(path, metadata, [{ path: from, tensors }], signal),
    signal,
  );
  const quantized = yield* quantizeFile(copy.path, type, status, context);
  staging.drop(copy.digest);
  // Without an encoder in it, the file can stay in llama.cpp's layout, which can be mapped.
  if (translation.hidden.length === 0) return quantized;
  const whole = await putTogether({ from, header, translation, quantized: quantized.path }, context);
  staging.drop(quantized.digest);
  return whole;
}

interface Halves {
  /** The published file. */
  from: string;
  header: GgufHeader;
  translation: Translation;
  /** Its text model, quantized. */
  quantized: string;
}

/** The published file with its text model quantized, and everything else as it was. */
async function putTogether(
  { from, header, translation, quantized }: Halves,
  { staging, signal }: QuantizeContext,
): Promise<StagedBlob> {
  const copy = await readGgufHeader(quantized);
  const metadata = new Map(header.metadata);
  for (const key of ["general.file_type", "general.quantization_version"]) {
    const value = copy.metadata.get(key);
    if (value !== undefined) metadata.set(key, value);
  }
  const sources = [
    { path: quantized, tensors: restoredTensors(header, translation, copy) },
    { path: from, tensors: translation.hidden },
  ];
  return staging.make((path) => writeCopy(path, metadata, sources, signal), signal);
}

async function* quantizeFile(
  from: string,
  type: QuantizeType,
  status: string,
  { staging, quantize, signal }: QuantizeContext,
): AsyncGenerator<CreateStatus, StagedBlob> {
  const { tensors } = await readGgufHeader(from);
  const sizes = new Map(tensors.map(({ name, byteLength }) => [name, byteLength]));
  const total = tensors.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const line = (completed: number): CreateStatus => ({ status, digest: NO_DIGEST, total, completed });
  yield line(0);
  const staged = yield* reporting<CreateStatus, StagedBlob>(signal, (report, alive) => {
    let done = 0;
    let current = 0;
    const onTensor = (name: string) => {
      done += current;
      current = sizes.get(name) ?? 0;
      report(line(done));
    };
    const fill = (to: string) => quantize({ from, to, fileType: type.fileType, onTensor, signal: alive });
    return staging.make(fill, alive);
  });
  yield line(total);
  return staged;
}
