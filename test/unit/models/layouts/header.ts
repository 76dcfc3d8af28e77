import type { GgufHeader } from "../../../../src/models/gguf/header.ts";
import { describeTensor } from "../../../../src/models/gguf/tensor.ts";
import type { GgufValue } from "../../../../src/models/gguf/value.ts";

/** A metadata value as a test writes it: whole numbers are uint32, others float32, lists of numbers int32. */
export type Plain = string | number | boolean | readonly string[] | readonly number[] | GgufValue;

const isStrings = (list: readonly unknown[]): list is readonly string[] => typeof list[0] === "string";

export function value(plain: Plain): GgufValue {
  if (typeof plain === "string") return { type: "string", value: plain };
  if (typeof plain === "boolean") return { type: "bool", value: plain };
  if (typeof plain === "number")
    return { type: Number.isInteger(plain) ? "uint32" : "float32", value: plain };
  if ("type" in plain) return plain;
  if (isStrings(plain)) return { type: "array", of: "string", value: plain };
  return { type: "array", of: "int32", value: plain as readonly number[] };
}

const DATA_OFFSET = 4096;

/** The header of a file with these keys and F32 tensors. A key without a common group belongs to the architecture. */
export function headerOf(
  architecture: string,
  keys: Record<string, Plain>,
  shapes: Record<string, number[]> = {},
): GgufHeader {
  const own = (key: string) => (/^(general|tokenizer)\./.test(key) ? key : `${architecture}.${key}`);
  const entries = Object.entries(keys).map(([key, plain]): [string, GgufValue] => [own(key), value(plain)]);
  let offset = 0;
  const tensors = Object.entries(shapes).map(([name, shape]) => {
    const tensor = describeTensor(name, 0, shape, offset);
    offset += tensor.byteLength;
    return tensor;
  });
  return {
    version: 3,
    metadata: new Map([["general.architecture", value(architecture)], ...entries]),
    tensors,
    alignment: 32,
    dataOffset: DATA_OFFSET,
    fileSize: DATA_OFFSET + offset,
    parameterCount: offset / 4,
  };
}
