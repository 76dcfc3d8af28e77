import { expect, test } from "bun:test";
import { GGMLQuantizationType } from "@huggingface/gguf";
import { GGML_TYPES, ggmlType } from "../../../../src/models/gguf/ggml-types.ts";

test("numbers and names are those that Hugging Face's reader knows", () => {
  const known = GGML_TYPES.filter(({ id }) => GGMLQuantizationType[id] !== undefined);
  expect(known.length).toBeGreaterThan(30);
  for (const { id, name } of known) expect(name).toBe(String(GGMLQuantizationType[id]));
});

/** Bits for each weight, as llama.cpp's documentation of its quantisations gives them. */
test.each<[string, number]>([
  ["F32", 32],
  ["F16", 16],
  ["BF16", 16],
  ["Q4_0", 4.5],
  ["Q4_1", 5],
  ["Q5_0", 5.5],
  ["Q5_1", 6],
  ["Q8_0", 8.5],
  ["Q2_K", 2.625],
  ["Q3_K", 3.4375],
  ["Q4_K", 4.5],
  ["Q5_K", 5.5],
  ["Q6_K", 6.5625],
  ["IQ2_XXS", 2.0625],
  ["IQ2_XS", 2.3125],
  ["IQ3_XXS", 3.0625],
  ["IQ1_S", 1.5625],
  ["IQ1_M", 1.75],
  ["IQ3_S", 3.4375],
  ["IQ4_NL", 4.5],
  ["IQ4_XS", 4.25],
  ["TQ1_0", 1.6875],
  ["TQ2_0", 2.0625],
  ["MXFP4", 4.25],
])("%s takes %p bits a weight", (name, bits) => {
  const type = GGML_TYPES.find((candidate) => candidate.name === name);
  expect(type && (type.bytes * 8) / type.block).toBe(bits);
});

test("numbers of removed types and beyond are unknown", () => {
  for (const id of [4, 5, 31, 33, 36, 38, 43, -1, 0.5]) expect(ggmlType(id)).toBeUndefined();
});
