import { expect, test } from "bun:test";
import { ggufFacts } from "../../../../src/models/gguf/facts.ts";
import { parseGgufHeader, readGgufHeader } from "../../../../src/models/gguf/header.ts";
import type { GgufValue } from "../../../../src/models/gguf/value.ts";
import { CHATML_TEMPLATE, writeTinyLlama } from "../../../support/tiny-llama.ts";
import { sourceOf, withFile, written } from "./sample.ts";

const factsOf = async (entries: [string, GgufValue][]) =>
  ggufFacts(await parseGgufHeader(sourceOf(await written(new Map(entries), []))));

const text = (value: string): GgufValue => ({ type: "string", value });
const uint32 = (value: number): GgufValue => ({ type: "uint32", value });
const uint32s = (...value: number[]): GgufValue => ({ type: "array", of: "uint32", value });

test("a chat model", async () => {
  await withFile(async (path) => {
    await writeTinyLlama(path);
    expect(ggufFacts(await readGgufHeader(path))).toMatchObject({
      architecture: "llama",
      kind: "model",
      parameterCount: 107_840,
      fileType: 1,
      fileTypeName: "F16",
      contextLength: 2048,
      embeddingLength: 64,
      blockCount: 2,
      headCount: 4,
      headCountKv: 2,
      poolingType: undefined,
      chatTemplate: CHATML_TEMPLATE,
      bosTokenId: 1,
      eosTokenId: 2,
      visionBlockCount: undefined,
      audioBlockCount: undefined,
      hasAudioEncoder: false,
    });
  });
});

test("an embedding model, with its numbers in other widths", async () => {
  const facts = await factsOf([
    ["general.architecture", text("nomic-bert")],
    ["nomic-bert.context_length", { type: "uint64", value: 512n }],
    ["nomic-bert.pooling_type", { type: "uint8", value: 0 }],
    ["bert.embedding_length", uint32(1)],
  ]);
  expect(facts).toMatchObject({ contextLength: 512, poolingType: 0, embeddingLength: undefined });
});

test("heads that differ from layer to layer: most of the one, fewest of the other, none left out", async () => {
  const facts = await factsOf([
    ["general.architecture", text("x")],
    ["x.attention.head_count", uint32s(8, 0, 16)],
    ["x.attention.head_count_kv", uint32s(4, 0, 2)],
  ]);
  expect(facts).toMatchObject({ headCount: 16, headCountKv: 2 });
});

test("a projector", async () => {
  const facts = await factsOf([
    ["general.architecture", text("clip")],
    ["general.type", text("mmproj")],
    ["clip.vision.block_count", uint32(27)],
    ["clip.audio.block_count", uint32(32)],
    ["clip.has_audio_encoder", { type: "bool", value: true }],
  ]);
  expect(facts).toMatchObject({
    kind: "mmproj",
    visionBlockCount: 27,
    audioBlockCount: 32,
    hasAudioEncoder: true,
  });
});

test("says unknown where the header says nothing", async () => {
  expect(await factsOf([])).toMatchObject({
    architecture: "unknown",
    kind: undefined,
    parameterCount: 0,
    fileType: undefined,
    fileTypeName: "unknown",
    contextLength: undefined,
    headCount: undefined,
    chatTemplate: undefined,
    hasAudioEncoder: false,
  });
});

test("takes a key of the wrong type or range for missing", async () => {
  const facts = await factsOf([
    ["general.architecture", text("x")],
    ["general.file_type", text("1")],
    ["x.context_length", { type: "int32", value: -1 }],
    ["x.embedding_length", { type: "float32", value: 0.5 }],
    ["x.block_count", { type: "uint64", value: 2n ** 60n }],
    ["x.pooling_type", uint32s(1)],
    ["x.attention.head_count", { type: "bool", value: true }],
    ["x.attention.head_count_kv", { type: "array", of: "string", value: ["1"] }],
    ["tokenizer.chat_template", uint32(1)],
    ["clip.has_audio_encoder", uint32(1)],
  ]);
  expect(facts).toMatchObject({
    fileType: undefined,
    contextLength: undefined,
    embeddingLength: undefined,
    blockCount: undefined,
    poolingType: undefined,
    headCount: undefined,
    headCountKv: undefined,
    chatTemplate: undefined,
    hasAudioEncoder: false,
  });
});
