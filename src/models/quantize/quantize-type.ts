import { badRequest } from "../../lib/errors.ts";
import { fileTypeName } from "../gguf/file-types.ts";

/** A type to which a model can be quantized. */
export interface QuantizeType {
  /** e.g. `Q4_K_M` */
  name: string;
  /** `enum llama_ftype`, as in `general.file_type`. */
  fileType: number;
}

/** As requests spell them, in capitals (docs/behaviour: api-native §11). */
const FILE_TYPES: ReadonlyMap<string, number> = new Map([
  ["F32", 0],
  ["F16", 1],
  ["BF16", 32],
  ["Q8_0", 7],
  ["Q4_K_S", 14],
  ["Q4_K_M", 15],
  ["Q4_K", 15],
]);

/** `general.file_type` of models that can be quantized: all others are quantized already. */
const SOURCES: readonly number[] = [0, 1, 32];

/** @throws AppError 400 with Ollama's text for an unknown type; Ollama's status is 500, for what is the caller's mistake. */
export function parseQuantizeType(text: string): QuantizeType {
  const name = text.toUpperCase();
  const fileType = FILE_TYPES.get(name);
  if (fileType !== undefined) return { name: fileTypeName(fileType), fileType };
  const message = `unsupported quantization type ${name} - supported types are F32, F16, Q4_K_S, Q4_K_M, Q8_0`;
  throw badRequest(message);
}

/** @param fileType of the model to quantize. @throws AppError 400 with Ollama's text (and not its 500) when it is quantized already. */
export function checkQuantizeSource(fileType: number | null): void {
  if (fileType !== null && SOURCES.includes(fileType)) return;
  const message = "quantization is only supported for F16, BF16 and F32 models";
  throw badRequest(message);
}
