import { AppError } from "../../src/lib/errors.ts";
import { withoutPaths } from "../../src/lib/without-paths.ts";
import { type GgufHeader, readGgufHeader } from "../../src/models/gguf/header.ts";
import type { GgufTensor } from "../../src/models/gguf/tensor.ts";
import { type EncodedModel, encodeModel } from "../../src/models/layouts/encode.ts";
import { likenessOf } from "../../src/models/layouts/likeness.ts";
import { translate } from "../../src/models/layouts/translate.ts";
import type { Translation } from "../../src/models/layouts/translation.ts";
import { cText, ptr, type Shim } from "./shim.ts";

/** A model's file, and how llama.cpp is to read it. */
export interface Weights {
  path: string;
  header: GgufHeader;
  /** Undefined: llama.cpp reads the file itself. */
  translation: Translation | undefined;
}

/** @throws AppError `engine` when the file cannot be read, or is no GGUF. */
export async function readWeights(path: string): Promise<Weights> {
  try {
    const header = await readGgufHeader(path);
    return { path, header, translation: translate(header) };
  } catch (cause) {
    const { message } = AppError.from(cause);
    throw new AppError("engine", `failed to load model: ${withoutPaths(message)}`, { cause });
  }
}

/** Loads them. Blocks; progress lines go to stdout. @returns false when llama.cpp refused: its last error says why. */
export function loadWeights(shim: Shim, { path, translation }: Weights, params: Int32Array): boolean {
  const file = ptr(cText(path));
  if (translation === undefined) return shim.shim_load_model(file, ptr(params)) === 0;
  return loadScattered(shim, path, encodeModel(translation.metadata, translation.tensors), params);
}

function loadScattered(
  shim: Shim,
  path: string,
  { header, size, segments, index, bytes }: EncodedModel,
  params: Int32Array,
): boolean {
  const sizes = BigInt64Array.of(
    BigInt(header.byteLength),
    BigInt(size),
    BigInt(bytes),
    BigInt(segments.length / 3),
  );
  const code = shim.shim_load_scattered(
    ptr(cText(path)),
    ptr(header),
    ptr(sizes),
    ptr(segments),
    ptr(index),
    ptr(params),
  );
  return code === 0;
}

/** A stack of matrices in a block that is not one of experts, which another operation multiplies by. */
const isStack = ({ name, shape }: GgufTensor): boolean =>
  (shape[2] ?? 1) > 1 && /^(blk\.|altup_)/.test(name) && !name.includes("_exps.");

/**
 * Must the weights stay in the order of the file? On a CPU with AMX llama.cpp v0.5.0 multiplies by a stack of matrices as if it were one
 * (supports_op in ggml-cpu/amx/amx.cpp asks for no dimensions), and all outputs of such a model are NaN: gemma3n, and attention with
 * compressed keys.
 * @param systemInfo llama.cpp's description of the CPU.
 */
export const needsPlainWeights = ({ header }: Weights, systemInfo: string): boolean =>
  systemInfo.includes("AMX_INT8 = 1") && header.tensors.some(isStack);

/** A hint for the error when llama.cpp refuses a file with another layout than its own; "" for its own. */
export function layoutNote({ header, translation }: Weights): string {
  if (translation !== undefined) return ` (read as Ollama's layout of ${translation.layout})`;
  const likeness = likenessOf(header);
  return likeness === undefined ? "" : ` (${likeness})`;
}
