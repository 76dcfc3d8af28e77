import { expect, test } from "bun:test";
import { checkQuantizeSource, parseQuantizeType } from "../../../../src/models/quantize/quantize-type.ts";

test.each([
  ["F32", "F32", 0],
  ["f16", "F16", 1],
  ["bf16", "BF16", 32],
  ["q8_0", "Q8_0", 7],
  ["Q4_K_S", "Q4_K_S", 14],
  ["q4_K_M", "Q4_K_M", 15],
  ["q4_k", "Q4_K_M", 15],
])("%s is %s", (text, name, fileType) => {
  expect(parseQuantizeType(text)).toEqual({ name, fileType });
});

test.each(["q4_0", "Q6_K", "", "8"])("%p is no type", (text) => {
  const message = `unsupported quantization type ${text.toUpperCase()} - supported types are F32, F16, Q4_K_S, Q4_K_M, Q8_0`;
  expect(() => parseQuantizeType(text)).toThrow(expect.objectContaining({ message, status: 400 }));
});

test.each([0, 1, 32])("a model of file type %d can be quantized", (fileType) => {
  expect(() => checkQuantizeSource(fileType)).not.toThrow();
});

test.each([2, 7, 15, null])("a model of file type %p cannot", (fileType) => {
  const message = "quantization is only supported for F16, BF16 and F32 models";
  expect(() => checkQuantizeSource(fileType)).toThrow(expect.objectContaining({ message, status: 400 }));
});
