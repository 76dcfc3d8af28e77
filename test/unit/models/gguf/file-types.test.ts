import { expect, test } from "bun:test";
import { fileTypeName } from "../../../../src/models/gguf/file-types.ts";

test.each<[number | undefined, string]>([
  [0, "F32"],
  [1, "F16"],
  [3, "Q4_1"],
  [7, "Q8_0"],
  [15, "Q4_K_M"],
  [18, "Q6_K"],
  [22, "IQ3_XS"],
  [26, "IQ3_S"],
  [32, "BF16"],
  [38, "MXFP4_MOE"],
  [40, "Q1_0"],
  [4, "unknown"],
  [33, "unknown"],
  [1024, "unknown"],
  [undefined, "unknown"],
])("file type %p is %s", (fileType, name) => {
  expect(fileTypeName(fileType)).toBe(name);
});
