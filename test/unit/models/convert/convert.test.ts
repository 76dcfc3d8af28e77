import { describe, expect, test } from "bun:test";
import type { Architecture } from "../../../../src/models/convert/architecture.ts";
import { convertSafetensors } from "../../../../src/models/convert/convert.ts";
import { never, outputDirectory, QUERY } from "./convert-fixture.ts";
import { readWithOther as read } from "./read-gguf.ts";
import { folderOf, type TinyBert, tensorOf, tinyBert, valuesOf } from "./tiny-bert.ts";

const { out } = outputDirectory();

describe("a BERT folder", () => {
  test("has the metadata that llama.cpp's conversion writes", async () => {
    await convertSafetensors(folderOf(tinyBert()), out, { type: "F16" }, never);
    const { metadata } = await read(out);
    expect(metadata).toEqual({
      version: 3,
      tensor_count: 37n,
      kv_count: 29n,
      "general.architecture": "bert",
      "general.type": "model",
      "general.name": "tiny-bert",
      "general.file_type": 1,
      "general.quantization_version": 2,
      "general.license": "apache-2.0",
      "bert.block_count": 2,
      "bert.context_length": 6,
      "bert.embedding_length": 4,
      "bert.feed_forward_length": 8,
      "bert.attention.head_count": 2,
      "bert.attention.layer_norm_epsilon": Math.fround(1e-12),
      "bert.attention.causal": false,
      "bert.pooling_type": 1,
      "tokenizer.ggml.token_type_count": 2,
      "tokenizer.ggml.model": "bert",
      "tokenizer.ggml.pre": "jina-v2-en",
      "tokenizer.ggml.tokens": [
        ...["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "▁llama", "s", "▁herd"],
        ...["▁<added>", "▁[PAD9]"],
      ],
      "tokenizer.ggml.token_type": [3, 3, 3, 3, 3, 1, 1, 1, 4, 5],
      "tokenizer.ggml.unknown_token_id": 1,
      "tokenizer.ggml.seperator_token_id": 3,
      "tokenizer.ggml.padding_token_id": 0,
      "tokenizer.ggml.mask_token_id": 4,
      "tokenizer.ggml.bos_token_id": 2,
      "tokenizer.ggml.eos_token_id": 3,
      "tokenizer.ggml.add_bos_token": true,
      "tokenizer.ggml.add_eos_token": true,
      "tokenizer.ggml.add_sep_token": false,
      "tokenizer.ggml.normalizer.lowercase": true,
    });
  });

  test("has every tensor under its GGUF name, matrices in F16 and the rest in F32", async () => {
    const model = tinyBert();
    await convertSafetensors(folderOf(model), out, { type: "F16" }, never);
    const { shapes, types, values } = await read(out);
    const cases: [gguf: string, source: string, type: string, shape: number[]][] = [
      ["token_embd.weight", "embeddings.word_embeddings.weight", "F16", [4, 10]],
      ["position_embd.weight", "embeddings.position_embeddings.weight", "F32", [4, 6]],
      ["token_types.weight", "embeddings.token_type_embeddings.weight", "F32", [4, 2]],
      ["token_embd_norm.bias", "embeddings.LayerNorm.bias", "F32", [4]],
      ["blk.1.attn_q.weight", QUERY, "F16", [4, 4]],
      ["blk.0.attn_k.bias", "encoder.layer.0.attention.self.key.bias", "F32", [4]],
      ["blk.0.attn_v.weight", "encoder.layer.0.attention.self.value.weight", "F16", [4, 4]],
      ["blk.1.attn_output.weight", "encoder.layer.1.attention.output.dense.weight", "F16", [4, 4]],
      ["blk.0.attn_output_norm.weight", "encoder.layer.0.attention.output.LayerNorm.weight", "F32", [4]],
      ["blk.0.ffn_up.weight", "encoder.layer.0.intermediate.dense.weight", "F16", [4, 8]],
      ["blk.1.ffn_down.weight", "encoder.layer.1.output.dense.weight", "F16", [8, 4]],
      ["blk.1.layer_output_norm.bias", "encoder.layer.1.output.LayerNorm.bias", "F32", [4]],
    ];
    for (const [target, source, type, shape] of cases) {
      expect([target, types.get(target), shapes.get(target)]).toEqual([target, type, shape]);
      expect([target, await values(target)]).toEqual([target, valuesOf(model.tensors.get(source))]);
    }
    expect(shapes.size).toBe(37);
  });

  test.each([
    ["F32", 0],
    ["F16", 1],
    ["BF16", 32],
  ] as const)("as %s", async (type, fileType) => {
    const model = tinyBert();
    await convertSafetensors(folderOf(model), out, { type }, never);
    const { metadata, types, values } = await read(out);
    expect(metadata["general.file_type"]).toBe(fileType);
    expect(types.get("blk.1.attn_q.weight")).toBe(type);
    expect(types.get("blk.1.attn_q.bias")).toBe("F32");
    expect(await values("blk.1.attn_q.weight")).toEqual(valuesOf(model.tensors.get(QUERY)));
  });

  test.each(["F16", "BF16"] as const)("from %s weights", async (dtype) => {
    const model = tinyBert();
    for (const [name, tensor] of model.tensors) {
      if (tensor.dtype === "F32") model.tensors.set(name, tensorOf(dtype, tensor.shape));
    }
    await convertSafetensors(folderOf(model), out, { type: "F16" }, never);
    const { values } = await read(out);
    expect(await values("blk.1.attn_q.weight")).toEqual(valuesOf(model.tensors.get(QUERY)));
    expect(await values("blk.1.attn_q.bias")).toEqual([0, 1 / 64, 2 / 64, 3 / 64]);
  });

  test("in several files, with a task model's prefix and a norm's older names", async () => {
    const model = tinyBert();
    model.config.architectures = ["BertForMaskedLM"];
    const renamed = [...model.tensors].map(([name, tensor]) => {
      const older = name
        .replace("LayerNorm.weight", "LayerNorm.gamma")
        .replace("LayerNorm.bias", "LayerNorm.beta");
      return [`bert.${older}`, tensor] as const;
    });
    model.tensors = new Map([...renamed, ["cls.predictions.bias", tensorOf("F32", [10])]]);
    await convertSafetensors(folderOf(model, 3), out, { type: "F32" }, never);
    const { shapes, values } = await read(out);
    expect(shapes.size).toBe(37);
    expect(await values("token_embd_norm.weight")).toEqual(
      valuesOf(model.tensors.get("bert.embeddings.LayerNorm.gamma")),
    );
  });
});

test.each([
  ["whole tensors", undefined, [[6, [2, 3]]]],
  [
    "one row after the other",
    1,
    [
      [3, [1, 3]],
      [3, [1, 3]],
    ],
  ],
])("an architecture may transform %s, compute others and leave a warning", async (_, rows, expected) => {
  const seen: unknown[] = [];
  const doubling: Architecture = {
    name: "doubling",
    accepts: ["Doubling"],
    plan: async () => ({
      metadata: [],
      canonicalName: (name) => name,
      computed: [{ target: "computed.weight", values: new Float32Array([0.1, 3]) }],
      warnings: ["something is left out"],
      tensors: new Map([
        ["t", { target: "t.weight", shape: [2, 3], transform: { ...(rows && { rows }), apply } }],
      ]),
    }),
  };
  const apply = (values: Float32Array, shape: readonly number[]) => {
    seen.push([values.length, shape]);
    return values.map((value) => value * 2);
  };
  const model: TinyBert = {
    config: { architectures: ["Doubling"] },
    tokenizer: {},
    tensors: new Map([["t", tensorOf("BF16", [2, 3], 1)]]),
    files: {},
  };
  const warnings = await convertSafetensors(folderOf(model), out, { type: "F16" }, never, [doubling]);
  const { metadata, values, types } = await read(out);
  expect(warnings).toEqual(["something is left out"]);
  expect(metadata["general.architecture"]).toBe("doubling");
  expect(seen).toEqual(expected);
  expect(await values("t.weight")).toEqual([2, 4, 6, 8, 10, 12].map((value) => value / 64));
  expect(types.get("computed.weight")).toBe("F32");
  expect(await values("computed.weight")).toEqual([Math.fround(0.1), 3]);
});
