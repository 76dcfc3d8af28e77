import { tokensIn } from "../../src/engine/pieces.ts";
import type { RunnerGenerate } from "../../src/engine/protocol.ts";
import type { SamplingOptions } from "../../src/intent/option-table.ts";
import { AppError } from "../../src/lib/errors.ts";
import { cText, ptr, type Shim, textAt } from "./shim.ts";

/**
 * Opens a slot's sampler chain and shows it the prompt's tail, which the penalties count.
 * @throws AppError `bad_request` when the grammar does not parse.
 */
export function openSampler(shim: Shim, slot: number, request: RunnerGenerate, contextLength: number): void {
  const { sampling } = request;
  const window = sampling.repeatLastN < 0 ? contextLength : sampling.repeatLastN;
  const grammar = request.grammar === undefined ? undefined : cText(request.grammar);
  const params = samplerParams(sampling, window);
  const biases = biasBlock(request.logitBias ?? []);
  const code = shim.shim_sampler_open(
    slot,
    ptr(params),
    seedOf(sampling.seed),
    grammar === undefined ? null : ptr(grammar),
    biases === undefined ? null : ptr(biases),
    request.logitBias?.length ?? 0,
  );
  if (code !== 0)
    throw new AppError("bad_request", `the grammar was refused: ${textAt(shim.shim_last_error())}`);
  const seen = window === 0 ? [] : tokensIn(request.prompt).slice(-window);
  if (seen.length > 0) shim.shim_sampler_accept(slot, ptr(Int32Array.from(seen)), seen.length);
}

/** `enum sampling_field` in sample.c, in its order, and the option that each field has. */
export const SAMPLING_FIELDS = [
  ["SAMPLE_TEMPERATURE", "temperature"],
  ["SAMPLE_TOP_K", "topK"],
  ["SAMPLE_TOP_P", "topP"],
  ["SAMPLE_MIN_P", "minP"],
  ["SAMPLE_TYPICAL_P", "typicalP"],
  ["SAMPLE_PENALTY_LAST_N", "repeatLastN"],
  ["SAMPLE_PENALTY_REPEAT", "repeatPenalty"],
  ["SAMPLE_PENALTY_FREQUENCY", "frequencyPenalty"],
  ["SAMPLE_PENALTY_PRESENCE", "presencePenalty"],
] as const satisfies [field: string, option: keyof SamplingOptions][];

/** @param window how far the penalties look back, in tokens. */
function samplerParams(sampling: SamplingOptions, window: number): Float32Array {
  const values = { ...sampling, repeatLastN: window };
  return Float32Array.from(SAMPLING_FIELDS, ([, option]) => values[option]);
}

/** An array of `struct llama_logit_bias`: token and bias, four bytes each. Undefined when there are none. */
function biasBlock(biases: readonly [token: number, bias: number][]): Float32Array | undefined {
  if (biases.length === 0) return undefined;
  const values = new Float32Array(biases.length * 2);
  const tokens = new Int32Array(values.buffer);
  for (const [at, [token, bias]] of biases.entries()) {
    tokens[at * 2] = token;
    values[at * 2 + 1] = bias;
  }
  return values;
}

/** Ollama's -1 is a random seed; any other number is taken modulo 2^32, the range of llama.cpp's generators. */
function seedOf(seed: number): number {
  return seed < 0 ? crypto.getRandomValues(new Uint32Array(1))[0]! : Math.trunc(seed) >>> 0;
}
