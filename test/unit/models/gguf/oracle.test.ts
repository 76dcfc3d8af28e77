import { expect, test } from "bun:test";
import { GGMLQuantizationType, gguf } from "@huggingface/gguf";
import { readGgufHeader } from "../../../../src/models/gguf/header.ts";
import { GGUF_TYPE_IDS, type GgufValue } from "../../../../src/models/gguf/value.ts";
import { writeGguf } from "../../../../src/models/gguf/write.ts";
import { writeTinyLlama } from "../../../support/tiny-llama.ts";
import { EVERY_TYPE, TENSORS, withFile } from "./sample.ts";

/** A value as the other reader gives it: without a byte order mark, booleans as such, 32-bit floats not shortened. */
function plain(value: GgufValue): unknown {
  if (value.type === "string") return value.value.replace(/^\ufeff/, "");
  if (value.type === "float32") return Math.fround(value.value);
  if (value.type !== "array") return value.value;
  const elements = Array.from<unknown>(value.value);
  return value.of === "bool" ? elements.map((element) => element === 1) : elements;
}

/** Reads the file with our reader and with Hugging Face's, which shares no code with it, and compares all they say. */
async function compare(path: string): Promise<void> {
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

test("a file with metadata of every type", async () => {
  await withFile(async (path) => {
    await writeGguf(path, EVERY_TYPE, TENSORS, new AbortController().signal);
    await compare(path);
  });
});

test("a model", async () => {
  await withFile(async (path) => {
    await writeTinyLlama(path);
    await compare(path);
  });
});

const real = process.env.LLAMERO_TEST_GGUF ?? "";
test.skipIf(real === "")("the model that LLAMERO_TEST_GGUF names", () => compare(real));
