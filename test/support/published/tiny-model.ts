import { encodeFloats } from "../../../src/models/convert/dtype.ts";
import { ggmlTypeNamed } from "../../../src/models/gguf/ggml-types.ts";
import type { GgufValue } from "../../../src/models/gguf/value.ts";
import { type GgufTensorSource, writeGguf } from "../../../src/models/gguf/write.ts";
import { tensor } from "../gguf-tensor.ts";
import { encodeQ8 } from "./q8.ts";

export type WeightType = "F32" | "F16" | "Q8_0";

interface Weights {
  /** Innermost dimension first. */
  shape: number[];
  type: WeightType;
  values: Float32Array;
}

/** A metadata value as generators write it: whole numbers are uint32, lists of numbers int32. */
export type Plain = string | number | boolean | string[] | number[] | GgufValue;

export const f32 = (value: number): GgufValue => ({ type: "float32", value });

function toValue(plain: Plain): GgufValue {
  if (typeof plain === "string") return { type: "string", value: plain };
  if (typeof plain === "boolean") return { type: "bool", value: plain };
  if (typeof plain === "number") return { type: "uint32", value: plain };
  if (!Array.isArray(plain)) return plain;
  const strings = plain.filter((item) => typeof item === "string");
  if (strings.length > 0) return { type: "array", of: "string", value: strings };
  return { type: "array", of: "int32", value: plain.filter((item) => typeof item === "number") };
}

/** A model in the making, in one layout or the other. Keys without a common group belong to its architecture. */
export class TinyModel {
  #architecture: string;
  readonly #random: () => number;
  readonly #keys = new Map<string, GgufValue>();
  #tensors = new Map<string, Weights>();

  /** @param random normally distributed numbers. */
  constructor(architecture: string, random: () => number) {
    this.#architecture = architecture;
    this.#random = random;
  }

  copy(): TinyModel {
    const twin = new TinyModel(this.#architecture, this.#random);
    for (const [key, value] of this.#keys) twin.#keys.set(key, value);
    twin.#tensors = new Map(this.#tensors);
    return twin;
  }

  keys(keys: Record<string, Plain>): this {
    for (const [key, plain] of Object.entries(keys)) this.#keys.set(this.#own(key), toValue(plain));
    return this;
  }

  dropKeys(...keys: string[]): this {
    for (const key of keys) this.#keys.delete(this.#own(key));
    return this;
  }

  /** The same value under another key. */
  renameKey(from: string, to: string): this {
    const value = this.#keys.get(this.#own(from));
    if (value === undefined) throw new Error(`no key ${from}`);
    return this.dropKeys(from).keys({ [to]: value });
  }

  valueOf(key: string): GgufValue | undefined {
    return this.#keys.get(this.#own(key));
  }

  become(architecture: string): this {
    const before = `${this.#architecture}.`;
    for (const [key, value] of [...this.#keys]) {
      if (!key.startsWith(before)) continue;
      this.#keys.delete(key);
      this.#keys.set(`${architecture}.${key.slice(before.length)}`, value);
    }
    this.#architecture = architecture;
    return this;
  }

  /** Random weights, whose results are about as large as what they are applied to. @param scale of that. */
  matrix(name: string, shape: number[], { type = "F32" as WeightType, scale = 1 } = {}): this {
    const spread = scale / Math.sqrt(shape[0] ?? 1);
    return this.tensor(name, shape, this.#numbers(shape, 0, spread), type);
  }

  /** Weights near one, as of a normalisation. */
  norm(name: string, ...shape: number[]): this {
    return this.tensor(name, shape, this.#numbers(shape, 1, 0.1));
  }

  /** A normalisation that makes what it is over larger. */
  strongNorm(name: string, size: number, strength: number): this {
    return this.tensor(name, [size], this.#numbers([size], strength, 0.1));
  }

  tensor(name: string, shape: number[], values: Float32Array, type: WeightType = "F32"): this {
    this.#tensors.set(name, { shape, type, values });
    return this;
  }

  #numbers(shape: number[], mean: number, spread: number): Float32Array {
    const count = shape.reduce((product, size) => product * size, 1);
    return Float32Array.from({ length: count }, () => mean + this.#random() * spread);
  }

  weights(name: string): Weights {
    const found = this.#tensors.get(name);
    if (found === undefined) throw new Error(`no tensor ${name}`);
    return found;
  }

  take(name: string): Weights {
    const found = this.weights(name);
    this.#tensors.delete(name);
    return found;
  }

  rename(part: string | RegExp, replaced: string): this {
    this.#tensors = new Map(
      [...this.#tensors].map(([name, weights]) => [name.replace(part, replaced), weights]),
    );
    return this;
  }

  /** @param sorted tensors in the order of their names, as Ollama's converter writes them. */
  async write(path: string, sorted: boolean): Promise<void> {
    const names = sorted ? [...this.#tensors.keys()].sort() : [...this.#tensors.keys()];
    const metadata = new Map([["general.architecture", toValue(this.#architecture)], ...this.#keys]);
    const sources = names.map((name) => sourceOf(name, this.weights(name)));
    await writeGguf(path, metadata, sources, new AbortController().signal);
  }

  #own(key: string): string {
    return /^(general|tokenizer)\./.test(key) ? key : `${this.#architecture}.${key}`;
  }
}

function sourceOf(name: string, { shape, type, values }: Weights): GgufTensorSource {
  const bytes = type === "Q8_0" ? encodeQ8(values) : encodeFloats(type, values);
  return tensor(name, shape, ggmlTypeNamed(type)!.id, bytes);
}
