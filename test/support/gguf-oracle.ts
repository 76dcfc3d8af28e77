import { expect } from "bun:test";
import { GGMLQuantizationType, gguf } from "@huggingface/gguf";
import { readGgufHeader } from "../../src/models/gguf/header.ts";
import { GGUF_TYPE_IDS, type GgufValue } from "../../src/models/gguf/value.ts";

/** A value as the other reader gives it: without a byte order mark, booleans as such, 32-bit floats not shortened. */
function plain(value: GgufValue): unknown {
  if (value.type === "string") return value.value.replace(/^\ufeff/, "");
  if (value.type === "float32") return Math.fround(value.value);
  if (value.type !== "array") return value.value;
  const elements = Array.from<unknown>(value.value);
  return value.of === "bool" ? elements.map((element) => element === 1) : elements;
}

/** Reads the file with our reader and with Hugging Face's, which shares no code with it, and compares all they say. */
export async function compareWithOracle(path: string): Promise<void> {
  const ours = await readGgufHeader(path);
  const theirs = await gguf(path, {
    allowLocalFile: true,
    typedMetadata: true,
    computeParametersCount: true,
  });
  const { version, tensor_count, kv_count, ...metadata } = theirs.typedMetadata;
  expect([...ours.metadata.keys()]).toEqual(Object.keys(metadata));
  for (const [key, value] of ours.metadata) {
    expect([key, plain(value)]).toEqual([key, metadata[key]?.value]);
    expect<unknown[]>([key, GGUF_TYPE_IDS[value.type]]).toEqual([key, metadata[key]?.type]);
    if (value.type === "array") expect<unknown>(GGUF_TYPE_IDS[value.of]).toBe(metadata[key]?.subType);
  }
  expect(ours.tensors.map(({ name, type, shape, offset }) => ({ name, type, shape, offset }))).toEqual(
    theirs.tensorInfos.map(({ name, dtype, shape, offset }) => ({
      name,
      type: String(GGMLQuantizationType[dtype]),
      shape: shape.map(Number),
      offset: Number(offset),
    })),
  );
  expect<unknown>(ours).toMatchObject({
    version: version.value,
    dataOffset: Number(theirs.tensorDataOffset),
    parameterCount: theirs.parameterCount,
  });
  expect([BigInt(ours.tensors.length), BigInt(ours.metadata.size)]).toEqual([
    tensor_count.value,
    kv_count.value,
  ]);
}
