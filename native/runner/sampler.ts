import { tokensIn } from "../../src/engine/pieces.ts";
import type { RunnerGenerate } from "../../src/engine/protocol.ts";
import type { SamplingOptions } from "../../src/intent/options.ts";
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

/** Fields in the order of `enum sampling_field` in sample.c. */
function samplerParams(sampling: SamplingOptions, window: number): Float32Array {
  return Float32Array.of(
    sampling.temperature,
    sampling.topK,
    sampling.topP,
    sampling.minP,
    sampling.typicalP,
    window,
    sampling.repeatPenalty,
    sampling.frequencyPenalty,
    sampling.presencePenalty,
  );
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

/** Ollama's -1 is a seed of chance; any other number is taken modulo 2^32, all that llama.cpp's generators hold. */
function seedOf(seed: number): number {
  return seed < 0 ? crypto.getRandomValues(new Uint32Array(1))[0]! : Math.trunc(seed) >>> 0;
}
