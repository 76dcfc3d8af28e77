import { cellsIn } from "../engine/pieces.ts";
import type { Lease, LoadedInfo, Requester } from "../engine/port.ts";
import {
  type EmbedInput,
  type EmbedIntent,
  type EmbedResult,
  isPictured,
  type PicturedInput,
} from "../intent/embed.ts";
import { AppError, badRequest } from "../lib/errors.ts";
import type { ResolvedModel } from "../models/catalog.ts";
import { planLoad } from "./acquire.ts";
import { requireSenses } from "./capabilities.ts";
import type { InferenceDeps } from "./deps.ts";
import { imagesIn, type PreparedPieces, preparePictured } from "./embed-pictured.ts";
import { checkTokens, endsOf, inputLimit, MOST_INPUTS } from "./limits.ts";
import { checkPictures, checkUrls, type PictureRules } from "./pictures.ts";
import { usedFor } from "./used-for.ts";

/** Texts that are tokenised and embedded in one go: no more than the runner may do before it looks for other requests that wait. */
const MOST_TEXTS = 64;
const MOST_CHARACTERS = 32_768;

interface Prepared {
  tokens: number[];
  cut: boolean;
}

/** The vectors of some inputs, in their order. */
interface Embedded {
  vectors: Float32Array[];
  promptTokens: number;
  /** Inputs that were cut. */
  cut: number;
}

const NOTHING: Embedded = { vectors: [], promptTokens: 0, cut: 0 };

/**
 * Cuts tokenised input to `limit` tokens, special tokens included, keeping an end-of-sequence token last.
 *
 * @throws AppError `bad_request` when nothing but special tokens would be left.
 */
function cutInput(tokens: number[], limit: number, { addsBos, addsEos }: LoadedInfo): number[] {
  const special = Number(addsBos) + Number(addsEos);
  if (limit <= special) throw badRequest("input after truncation exceeds maximum context length");
  const tail = addsEos ? tokens.slice(-1) : [];
  return [...tokens.slice(0, limit - tail.length), ...tail];
}

/** Without pooling a model's last token stands for the input; what a ranking head has pooled is no embedding. */
const embeds = ({ ranks, embeddingOnly, capabilities }: ResolvedModel): boolean =>
  !ranks && (!embeddingOnly || capabilities.includes("embedding"));

type Plain = Exclude<EmbedInput, PicturedInput>;

/** Tokens are taken as they are: a client that tokenises knows which special tokens the model wants. */
async function tokensOf(input: Plain, limit: number, lease: Lease): Promise<number[]> {
  if (typeof input !== "string") return checkTokens(input, "input", lease.info);
  const { head } = endsOf(input, limit, lease.info);
  return lease.tokenize(head, { addSpecial: true, parseSpecial: true });
}

function fitted(tokens: number[], limit: number, truncate: boolean, info: LoadedInfo): Prepared {
  if (tokens.length === 0) throw badRequest("input has no tokens");
  if (tokens.length <= limit) return { tokens, cut: false };
  if (!truncate) throw badRequest("the input length exceeds the context length");
  return { tokens: cutInput(tokens, limit, info), cut: true };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** The inputs as texts, if they are few and short; else undefined. */
function shortTexts(inputs: readonly Plain[]): string[] | undefined {
  const texts = inputs.filter((input) => typeof input === "string");
  if (texts.length < inputs.length || texts.length > MOST_TEXTS) return undefined;
  return sum(texts.map(({ length }) => length)) > MOST_CHARACTERS ? undefined : texts;
}

/** How inputs are embedded, and with which lease. */
interface EmbedSettings {
  truncate: boolean;
  limit: number;
  lease: Lease;
  rules: PictureRules;
  requester: Requester;
}

/** Embeds texts; few and short ones with one message to the runner and one back. */
async function embedTexts(
  inputs: readonly Plain[],
  { truncate, limit, lease, requester: { signal } }: EmbedSettings,
): Promise<Embedded> {
  if (inputs.length === 0) return NOTHING;
  const texts = shortTexts(inputs);
  const quick = texts && (await lease.embedTexts(texts, limit, signal));
  if (quick !== undefined && "vectors" in quick)
    return { vectors: quick.vectors, promptTokens: sum(quick.lengths), cut: 0 };
  const tokens = quick?.tokens ?? (await Promise.all(inputs.map((input) => tokensOf(input, limit, lease))));
  const prepared = tokens.map((each) => fitted(each, limit, truncate, lease.info));
  const runs = prepared.map((each) => each.tokens);
  return {
    vectors: await lease.embed(runs, signal),
    promptTokens: sum(runs.map(({ length }) => length)),
    cut: prepared.filter(({ cut }) => cut).length,
  };
}

async function embedPictured(inputs: readonly PicturedInput[], settings: EmbedSettings): Promise<Embedded> {
  if (inputs.length === 0) return NOTHING;
  const prepared: PreparedPieces[] = [];
  for (const input of inputs) prepared.push(await preparePictured(input, settings));
  const prompts = prepared.map(({ pieces }) => pieces);
  return {
    vectors: await settings.lease.embedPieces(prompts, settings.requester.signal),
    promptTokens: sum(prompts.map(cellsIn)),
    cut: prepared.filter(({ cut }) => cut).length,
  };
}

/** Texts are embedded side by side, inputs with images one by one. */
async function embedInputs(inputs: readonly EmbedInput[], settings: EmbedSettings): Promise<Embedded> {
  const texts = await embedTexts(
    inputs.filter((input): input is Plain => !isPictured(input)),
    settings,
  );
  const pictured = await embedPictured(inputs.filter(isPictured), settings);
  const next = { texts: texts.vectors.values(), pictured: pictured.vectors.values() };
  const vectors = inputs.map((input) => (isPictured(input) ? next.pictured : next.texts).next().value);
  return {
    vectors: vectors.filter((vector) => vector !== undefined),
    promptTokens: texts.promptTokens + pictured.promptTokens,
    cut: texts.cut + pictured.cut,
  };
}

/** Refuses images before a model is loaded for them. @throws AppError. */
function checkImages(images: readonly string[], model: ResolvedModel, rules: PictureRules): void {
  checkUrls(images, rules);
  requireSenses(images, model);
  checkPictures(images, rules);
}

/**
 * Embeds every input of a request (docs/behaviour: api-native §6).
 *
 * Without inputs the model is only loaded. A client that leaves cancels the work, a load that others wait for excepted.
 *
 * @param requester its signal fires when the client leaves.
 * @throws AppError; any failure fails the whole request.
 */
export async function answerEmbed(
  intent: EmbedIntent,
  deps: InferenceDeps,
  requester: Requester,
): Promise<EmbedResult> {
  const start = deps.clock.nanos();
  if (intent.inputs.length > MOST_INPUTS) {
    throw badRequest(
      `input: there are ${intent.inputs.length} inputs, and a request may have ${MOST_INPUTS}`,
    );
  }
  const { model, numCtx, notices, spec, acquire } = planLoad(
    { ...intent, batch: intent.inputs.length > 1 },
    deps,
    requester,
  );
  requester.works?.("embed", model.shortName);
  if (!embeds(model)) throw badRequest(`"${intent.model}" does not support embed`);
  const { inputs, truncate } = intent;
  checkImages(imagesIn(inputs), model, deps.pictures);
  await using lease = await deps.engine.acquire(spec, acquire);
  const limit = inputLimit(numCtx, model.trainedContext, lease.info);
  const means = { truncate, limit, lease, rules: deps.pictures, requester };
  const { vectors, promptTokens, cut } = await embedInputs(inputs, means);
  requester.used?.(usedFor(model, promptTokens, lease));
  if (vectors.length !== inputs.length) {
    throw new AppError(
      "engine",
      `the engine returned ${vectors.length} embeddings for ${inputs.length} inputs`,
    );
  }
  return {
    embeddings: vectors.map((vector) => shapeVector(vector, intent.dimensions, intent.normalize)),
    promptTokens,
    totalDuration: deps.clock.nanos() - start,
    loadDuration: lease.loadDuration,
    notices: [...notices, ...cutNotices(cut, inputs.length, limit)],
  };
}

function cutNotices(cut: number, inputs: number, limit: number): EmbedResult["notices"] {
  if (cut === 0) return [];
  const message = `${cut} of ${inputs} inputs cut to the context length of ${limit} tokens`;
  return [{ code: "truncated", message }];
}

/** Scales `vector` to length 1 in place. The zero vector stays as it is. */
function scaleToUnit(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  const length = Math.sqrt(sum);
  return length === 0 ? vector : vector.map((value) => value / length);
}

/**
 * Checks a pooled vector and brings it into the form that was asked for (docs/behaviour: api-native §6).
 *
 * @param dimensions how many leading components to keep; 0, or more than there are, keeps all.
 * @param normalize scale to length 1, after cutting.
 * @throws AppError `bad_request` when a component is not a finite number.
 */
export function shapeVector(vector: Float32Array, dimensions: number, normalize: boolean): Float32Array {
  if (!vector.every(Number.isFinite)) throw badRequest("embedding contains NaN or Inf values");
  const cut = dimensions > 0 && dimensions < vector.length ? vector.slice(0, dimensions) : vector;
  return normalize ? scaleToUnit(cut) : cut;
}
