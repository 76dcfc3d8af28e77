import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { AppError } from "../../../../src/lib/errors.ts";
import { convertSafetensors } from "../../../../src/models/convert/convert.ts";
import { encodeFloats } from "../../../../src/models/convert/dtype.ts";
import { never, outputDirectory, QUERY } from "./convert-fixture.ts";
import { folderOf, type TinyBert, tensorOf, tinyBert } from "./tiny-bert.ts";

const { directory, out } = outputDirectory();

describe("refused, with nothing left behind", () => {
  const cases: [message: string, change: (model: TinyBert) => unknown][] = [
    [
      'unsupported architecture "MambaForCausalLM" (supported: LlamaForCausalLM, Qwen2ForCausalLM, Qwen3ForCausalLM, Gemma3ForCausalLM, Gemma3ForConditionalGeneration, BertModel, BertForMaskedLM, NomicBertModel)',
      ({ config }) => Object.assign(config, { architectures: ["MambaForCausalLM"] }),
    ],
    [
      "config.json: weights quantized with awq are not supported: convert the original ones",
      ({ config }) => Object.assign(config, { quantization_config: { quant_method: "awq" } }),
    ],
    ["config.json: architectures is missing", ({ config }) => delete config.architectures],
    [
      "config.json: num_hidden_layers must be a whole number from 1 to 1024",
      ({ config }) => Object.assign(config, { num_hidden_layers: 1e9 }),
    ],
    [
      "config.json: hidden_size must be a multiple of num_attention_heads",
      ({ config }) => Object.assign(config, { num_attention_heads: 3 }),
    ],
    [
      "config.json: layer_norm_eps must be a positive number",
      ({ config }) => Object.assign(config, { layer_norm_eps: "1e-12" }),
    ],
    [
      'config.json: hidden_act "relu" is not supported (supported: gelu)',
      ({ config }) => Object.assign(config, { hidden_act: "relu" }),
    ],
    [
      'config.json: position_embedding_type "relative_key" is not supported',
      ({ config }) => Object.assign(config, { position_embedding_type: "relative_key" }),
    ],
    [
      'tokenizer.json: tokenizer type "Unigram" is not supported (supported: WordPiece)',
      ({ tokenizer }) => Object.assign(tokenizer, { model: { type: "Unigram", vocab: [] } }),
    ],
    [
      "tokenizer.json: token id 10 is outside the embedding's 10 rows",
      ({ tokenizer }) =>
        Object.assign(tokenizer, { added_tokens: [{ id: 10, content: "x", special: false }] }),
    ],
    [
      "tokenizer.json: token id 5 is used twice",
      ({ tokenizer }) =>
        Object.assign(tokenizer, { added_tokens: [{ id: 5, content: "x", special: false }] }),
    ],
    [
      "tokenizer.json: the vocabulary has no [UNK] token",
      ({ tokenizer }) =>
        Object.assign(tokenizer, { added_tokens: [], model: { type: "WordPiece", vocab: { "[CLS]": 0 } } }),
    ],
    [
      "1_Pooling/config.json: unsupported pooling mode (supported: mean, cls, lasttoken)",
      ({ files }) => Object.assign(files, { "1_Pooling/config.json": '{"pooling_mode_max_tokens":true}' }),
    ],
    [
      `tensor ${JSON.stringify(QUERY)} is missing from the model's files`,
      ({ tensors }) => tensors.delete(QUERY),
    ],
    [
      'model-1-of-1.safetensors: tensor "classifier.weight" has no place in this architecture',
      ({ tensors }) => tensors.set("classifier.weight", tensorOf("F32", [2, 4])),
    ],
    [
      `model-1-of-1.safetensors: tensor "bert.${QUERY}" appears twice`,
      ({ tensors }) => tensors.set(`bert.${QUERY}`, tensorOf("F32", [4, 4])),
    ],
    [
      `model-1-of-1.safetensors: tensor ${JSON.stringify(QUERY)} has shape [2,8], expected [4,4]`,
      ({ tensors }) => tensors.set(QUERY, tensorOf("F32", [2, 8])),
    ],
    [
      `model-1-of-1.safetensors: tensor ${JSON.stringify(QUERY)} has type I8 (supported: F32, F16, BF16)`,
      ({ tensors }) => tensors.set(QUERY, { dtype: "I8", shape: [4, 4], bytes: new Uint8Array(16) }),
    ],
  ];

  test.each(cases)("%s", async (message, change) => {
    const model = tinyBert();
    change(model);
    const failure = await convertSafetensors(folderOf(model), out, { type: "F16" }, never).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(AppError);
    expect(failure).toMatchObject({ kind: "bad_request", message });
  });

  test.each(["config.json", "tokenizer.json"])("a folder without %s", async (path) => {
    const { files } = folderOf(tinyBert());
    const without = { files: new Map([...files].filter(([own]) => own !== path)) };
    const attempt = convertSafetensors(without, out, { type: "F16" }, never);
    await expect(attempt).rejects.toThrow(`${path} is missing from the model's files`);
  });

  test("a folder without weights", async () => {
    const attempt = convertSafetensors(folderOf(tinyBert(), 0), out, { type: "F16" }, never);
    await expect(attempt).rejects.toThrow("the model has no .safetensors files");
  });

  test("weights in a subfolder, which belong to a layer of their own", async () => {
    const { files } = folderOf(tinyBert());
    const more = new Map([...files, ["2_Dense/model.safetensors", new Blob([])] as const]);
    const attempt = convertSafetensors({ files: more }, out, { type: "F16" }, never);
    await expect(attempt).rejects.toThrow(
      "2_Dense/model.safetensors: weights beside the model's own are not supported",
    );
  });

  test("weights beyond the range of F16, which BF16 and F32 can hold", async () => {
    const path = join(directory, "large.gguf");
    const model = tinyBert();
    const bytes = encodeFloats("BF16", new Float32Array(16).fill(1e6));
    model.tensors.set(QUERY, { dtype: "BF16", shape: [4, 4], bytes });
    const attempt = convertSafetensors(folderOf(model), path, { type: "F16" }, never);
    const text = `model-1-of-1.safetensors: tensor ${JSON.stringify(QUERY)} has values that F16 cannot hold`;
    await expect(attempt).rejects.toThrow(text);
    expect(await Bun.file(path).exists()).toBe(false);
    await convertSafetensors(folderOf(model), path, { type: "BF16" }, never);
    expect(await Bun.file(path).exists()).toBe(true);
  });

  test("an aborted conversion removes what it had written", async () => {
    const path = join(directory, "aborted.gguf");
    const attempt = convertSafetensors(folderOf(tinyBert()), path, { type: "F16" }, AbortSignal.abort());
    await expect(attempt).rejects.toThrow("abort");
    expect(await Bun.file(path).exists()).toBe(false);
  });
});
