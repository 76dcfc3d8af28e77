import type { GgufValue } from "../gguf/value.ts";
import type { ModelFolder } from "./folder.ts";
import type { JsonFile } from "./json.ts";

/** A model to convert: its files and its decoded config.json. */
export interface SourceModel {
  readonly folder: ModelFolder;
  readonly config: JsonFile;
}

/** How one source tensor is written. */
export interface TensorRule {
  /** Its name in GGUF. */
  readonly target: string;
  /** The shape that the config promises, outermost dimension first; another one is refused. */
  readonly shape: readonly number[];
  /** Kept as F32 whatever the output type: norms, biases and other small tensors that llama.cpp wants exact. */
  readonly exact?: boolean;
  /** Changes values. Default: they are streamed unchanged. */
  readonly transform?: Transform;
}

/** A change of a tensor's values, some rows at a time; that many are held in memory. */
export interface Transform {
  /** How many rows of the outermost dimension `apply` is given; divides it. Default: all. */
  readonly rows?: number;
  /** @param shape of `values`. @returns as many values. */
  apply(values: Float32Array, shape: readonly number[]): Float32Array;
}

/** A vector that is not among the source's tensors; F32. */
export interface ComputedTensor {
  /** Its name in GGUF. */
  readonly target: string;
  readonly values: Float32Array;
}

/** Key-value pairs of a GGUF, in order. */
export type Metadata = readonly (readonly [key: string, value: GgufValue])[];

export interface ConversionPlan {
  /** Hyperparameters and tokenizer; `general.*` is added by the caller. */
  readonly metadata: Metadata;
  /** Every tensor that the model must have, by its name in the source files as {@link canonicalName} gives it. */
  readonly tensors: ReadonlyMap<string, TensorRule>;
  readonly computed?: readonly ComputedTensor[];
  /** Parts of the model that are left out, in sentences for the user. */
  readonly warnings?: readonly string[];
  /** The name a source tensor is looked up by (prefixes and historical spellings removed); undefined leaves it out. */
  canonicalName(name: string): string | undefined;
}

/** One family of models; adding one is one file and one entry in {@link ARCHITECTURES} (convert.ts). */
export interface Architecture {
  /** `general.architecture`. */
  readonly name: string;
  /** Values of `architectures[0]` in config.json that it converts. */
  readonly accepts: readonly string[];
  /** @throws AppError `bad_request` when config or tokenizer are not what llama.cpp can run. */
  plan(model: SourceModel): Promise<ConversionPlan>;
}
