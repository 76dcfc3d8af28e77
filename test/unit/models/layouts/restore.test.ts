import { expect, test } from "bun:test";
import { describeTensor } from "../../../../src/models/gguf/tensor.ts";
import { restoredTensors } from "../../../../src/models/layouts/restore.ts";
import { translate } from "../../../../src/models/layouts/translate.ts";
import { headerOf } from "./header.ts";

const Q8_0 = 8;

/** What a quantizer makes of a translated file: the same tensors as Q8_0, one behind the other. */
function quantized(tensors: readonly { name: string; shape: readonly number[] }[]) {
  let offset = 0;
  return {
    ...headerOf("glm4", {}),
    tensors: tensors.map(({ name, shape }) => {
      const tensor = describeTensor(name, Q8_0, shape, offset);
      offset += tensor.byteLength;
      return tensor;
    }),
  };
}

test("names come back, stacked matrices come apart by rows, and encoders are not asked for", () => {
  const header = headerOf(
    "glmocr",
    {},
    {
      "blk.0.attn_out.weight": [32, 4],
      "blk.0.ffn_gate.weight": [32, 6],
      "blk.0.ffn_up.weight": [32, 2],
      "v.patch_embd_0.weight": [32, 8],
    },
  );
  const translation = translate(header)!;
  const copy = quantized(translation.tensors);
  const data = copy.dataOffset;
  expect(restoredTensors(header, translation, copy)).toEqual([
    {
      name: "blk.0.attn_out.weight",
      type: "Q8_0",
      shape: [32, 4],
      extents: [{ offset: data, length: 4 * 34 }],
    },
    {
      name: "blk.0.ffn_gate.weight",
      type: "Q8_0",
      shape: [32, 6],
      extents: [{ offset: data + 4 * 34, length: 6 * 34 }],
    },
    {
      name: "blk.0.ffn_up.weight",
      type: "Q8_0",
      shape: [32, 2],
      extents: [{ offset: data + 10 * 34, length: 2 * 34 }],
    },
  ]);
});

test("a tensor that the copy has lost is told", () => {
  const header = headerOf("olmo3", {}, { "blk.0.attn_q.weight": [32, 4] });
  expect(() => restoredTensors(header, translate(header)!, quantized([]))).toThrow(
    "tensor blk.0.attn_q.weight was lost",
  );
});
