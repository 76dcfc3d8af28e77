import { rm } from "node:fs/promises";
import { badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import { type GgufValue, ggufString, uint32 } from "../gguf/value.ts";
import { type GgufTensorSource, writeGguf } from "../gguf/write.ts";
import type { Architecture, ComputedTensor, ConversionPlan, TensorRule } from "./architecture.ts";
import { bert } from "./bert.ts";
import {
  decodeFloats,
  encodeFloats,
  FLOAT_BYTES,
  type FloatType,
  isFiniteF16,
  isFloatType,
} from "./dtype.ts";
import { type ModelFolder, requireJson } from "./folder.ts";
import { gemma3 } from "./gemma3.ts";
import { type JsonFile, optionalString } from "./json.ts";
import { llama } from "./llama.ts";
import { readLicense } from "./model-card.ts";
import { nomicBert } from "./nomic-bert.ts";
import { qwen2 } from "./qwen2.ts";
import { qwen3 } from "./qwen3.ts";
import { readSafetensorsHeader, readTensor, type SafetensorsTensor } from "./safetensors.ts";

/** Every family that can be converted. */
const ARCHITECTURES: readonly Architecture[] = [llama, qwen2, qwen3, gemma3, bert, nomicBert];

/** `enum ggml_type` and `enum llama_ftype` of llama.cpp. */
const GGML_TYPE: Record<FloatType, number> = { F32: 0, F16: 1, BF16: 30 };
const FILE_TYPE: Record<FloatType, number> = { F32: 0, F16: 1, BF16: 32 };

/** GGML_QNT_VERSION: the layout of quantised blocks; written also where nothing is quantised. */
const QUANTIZATION_VERSION = 2;

export interface ConversionOptions {
  /** How matrices are stored. Tensors that have to stay exact are F32 either way. */
  type: FloatType;
}

/** A tensor of one of the folder's files, and how it is written. */
interface Placed {
  file: Blob;
  path: string;
  tensor: SafetensorsTensor;
  dtype: FloatType;
  rule: TensorRule;
}

/**
 * Converts a model in Hugging Face's layout (config.json, tokenizer.json, *.safetensors) to one GGUF file. Tensors are streamed:
 * memory stays at the tokenizer plus a few MiB.
 *
 * @param outPath is replaced; on failure nothing is left there.
 * @param architectures families to choose from. Default: all that there are.
 * @returns a sentence for each part of the model that was left out; usually none.
 * @throws AppError `bad_request` when the folder is malformed or of a family that is not supported.
 */
export async function convertSafetensors(
  folder: ModelFolder,
  outPath: string,
  options: ConversionOptions,
  signal: AbortSignal,
  architectures = ARCHITECTURES,
): Promise<readonly string[]> {
  const config = await requireJson(folder, "config.json");
  refuseQuantized(config);
  const architecture = detect(config.fields.architectures, architectures);
  const plan = await architecture.plan({ folder, config });
  const placed = place(await readTensors(folder), plan);
  const metadata = new Map<string, GgufValue>([
    ["general.architecture", ggufString(architecture.name)],
    ["general.type", ggufString("model")],
    ...(folder.name === undefined ? [] : [["general.name", ggufString(folder.name)] as const]),
    ...plan.metadata,
    ["general.file_type", uint32(FILE_TYPE[options.type])],
    ["general.quantization_version", uint32(QUANTIZATION_VERSION)],
  ]);
  const license = await readLicense(folder);
  if (license !== undefined) metadata.set("general.license", ggufString(license));
  try {
    const sources = placed.map((entry) => tensorSource(entry, options.type, signal));
    const computed = (plan.computed ?? []).map(computedSource);
    await writeGguf(outPath, metadata, [...sources, ...computed], signal);
    return plan.warnings ?? [];
  } catch (error) {
    await rm(outPath, { force: true });
    throw error;
  }
}

/** Weights that another tool has quantized are integers and scales under the names of weights. */
function refuseQuantized({ label, fields }: JsonFile): void {
  if (!isRecord(fields.quantization_config)) return;
  const method = optionalString(fields.quantization_config, "quant_method") ?? "quantization_config";
  throw badRequest(`${label}: weights quantized with ${method} are not supported: convert the original ones`);
}

function detect(declaration: unknown, architectures: readonly Architecture[]): Architecture {
  const declared: unknown = Array.isArray(declaration) ? declaration[0] : undefined;
  if (typeof declared !== "string") throw badRequest("config.json: architectures is missing");
  const found = architectures.find(({ accepts }) => accepts.includes(declared));
  if (found !== undefined) return found;
  const supported = architectures.flatMap(({ accepts }) => accepts).join(", ");
  throw badRequest(`unsupported architecture ${JSON.stringify(declared)} (supported: ${supported})`);
}

type FileTensor = Pick<Placed, "file" | "path" | "tensor">;

/** All tensors of the safetensors files beside config.json; large models come in several. */
async function readTensors(folder: ModelFolder): Promise<FileTensor[]> {
  const paths = [...folder.files.keys()].filter((path) => path.endsWith(".safetensors")).sort();
  if (paths.length === 0) throw badRequest("the model has no .safetensors files");
  const nested = paths.find((path) => path.includes("/"));
  if (nested !== undefined) throw badRequest(`${nested}: weights beside the model's own are not supported`);
  const perFile = paths.map(async (path) => {
    const file = folder.files.get(path) ?? new Blob([]);
    return (await readSafetensorsHeader(file, path)).map((tensor) => ({ file, path, tensor }));
  });
  return (await Promise.all(perFile)).flat();
}

/** Gives every tensor its rule. An unexpected tensor, a missing one and one of another shape are refused by name. */
function place(tensors: FileTensor[], plan: ConversionPlan): Placed[] {
  const missing = new Set(plan.tensors.keys());
  const placed = tensors.flatMap(({ file, path, tensor }) => {
    const refuse = (why: string) => badRequest(`${path}: tensor ${JSON.stringify(tensor.name)} ${why}`);
    const name = plan.canonicalName(tensor.name);
    if (name === undefined) return [];
    const rule = plan.tensors.get(name);
    if (rule === undefined) throw refuse("has no place in this architecture");
    if (!missing.delete(name)) throw refuse("appears twice");
    const { dtype, shape } = tensor;
    if (shape.join() !== rule.shape.join()) throw refuse(`has shape [${shape}], expected [${rule.shape}]`);
    if (!isFloatType(dtype))
      throw refuse(`has type ${dtype} (supported: ${Object.keys(FLOAT_BYTES).join(", ")})`);
    return [{ file, path, tensor, dtype, rule }];
  });
  const [first] = missing;
  if (first !== undefined)
    throw badRequest(`tensor ${JSON.stringify(first)} is missing from the model's files`);
  return placed;
}

function tensorSource({ file, path, tensor, dtype, rule }: Placed, type: FloatType, signal: AbortSignal) {
  const stored = rule.exact ? "F32" : type;
  async function* recoded(): AsyncGenerator<Uint8Array> {
    const { pieceBytes, apply } = pieceByPiece(rule, tensor.bytes);
    for await (const piece of readTensor(file, tensor, path, signal, pieceBytes)) {
      if (apply !== undefined) yield encodeFloats(stored, apply(decodeFloats(dtype, piece)));
      else yield stored === dtype ? piece : encodeFloats(stored, decodeFloats(dtype, piece));
    }
  }
  return {
    name: rule.target,
    shape: rule.shape.toReversed(),
    type: GGML_TYPE[stored],
    bytes: (tensor.bytes / FLOAT_BYTES[dtype]) * FLOAT_BYTES[stored],
    async *data() {
      for await (const piece of recoded()) {
        if (stored === "F16" && !isFiniteF16(piece)) {
          throw badRequest(`${path}: tensor ${JSON.stringify(tensor.name)} has values that F16 cannot hold`);
        }
        yield piece;
      }
    },
  } satisfies GgufTensorSource;
}

/** Reads a tensor for its rule's transform: some bytes at a time, each piece changed on its own. */
function pieceByPiece({ transform, shape }: TensorRule, bytes: number) {
  if (transform === undefined) return {};
  const [outermost = 1, ...rest] = shape;
  const rows = transform.rows ?? outermost;
  const apply = (values: Float32Array) => transform.apply(values, [rows, ...rest]);
  return { pieceBytes: (bytes / outermost) * rows, apply };
}

function computedSource({ target, values }: ComputedTensor): GgufTensorSource {
  const bytes = encodeFloats("F32", values);
  const data = async function* () {
    yield bytes;
  };
  return { name: target, shape: [values.length], type: GGML_TYPE.F32, bytes: bytes.byteLength, data };
}
