import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readGgufHeader } from "../../../../src/models/gguf/header.ts";
import { mergeGguf } from "../../../../src/models/gguf/merge.ts";
import type { GgufValue } from "../../../../src/models/gguf/value.ts";
import { writeGguf } from "../../../../src/models/gguf/write.ts";
import { text } from "../../../support/tiny-gguf.ts";

const never = new AbortController().signal;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "llamero-merge-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

interface PartOptions {
  name: string;
  number: number;
  count?: number;
  tensors?: [name: string, fill: number][];
  total?: number;
}

/** Writes a part as llama-gguf-split does: only the first has more than its place. */
async function part({ name, number, count = 2, tensors = [], total = 3 }: PartOptions): Promise<string> {
  const path = join(directory, name);
  const metadata: [string, GgufValue][] = [
    ...(number === 0
      ? ([
          ["general.architecture", text("llama")],
          ["tokenizer.ggml.tokens", { type: "array", of: "string", value: ["a", "é"] }],
        ] as [string, GgufValue][])
      : []),
    ["split.no", { type: "uint16", value: number }],
    ["split.count", { type: "uint16", value: count }],
    ["split.tensors.count", { type: "int32", value: total }],
  ];
  // 20 bytes are no multiple of the alignment.
  const sources = tensors.map(([tensor, fill]) => ({
    name: tensor,
    shape: [5],
    type: 0,
    bytes: 20,
    async *data() {
      yield new Uint8Array(20).fill(fill);
    },
  }));
  await writeGguf(path, new Map(metadata), sources, never);
  return path;
}

test("parts in any order become one file without a trace of them", async () => {
  const second = await part({ name: "b", number: 1, tensors: [["third", 3]] });
  const first = await part({
    name: "a",
    number: 0,
    tensors: [
      ["first", 1],
      ["second", 2],
    ],
  });
  const out = join(directory, "merged");
  await mergeGguf([second, first], out, never);
  const { metadata, tensors, dataOffset } = await readGgufHeader(out);
  expect([...metadata.keys()]).toEqual(["general.architecture", "tokenizer.ggml.tokens"]);
  expect(tensors.map(({ name, type, shape }) => [name, type, shape])).toEqual([
    ["first", "F32", [5]],
    ["second", "F32", [5]],
    ["third", "F32", [5]],
  ]);
  for (const [at, { offset }] of tensors.entries()) {
    const bytes = Bun.file(out).slice(dataOffset + offset, dataOffset + offset + 20);
    expect([...(await bytes.bytes())]).toEqual(Array(20).fill(at + 1));
  }
});

test.each<[string, PartOptions[], string]>([
  ["one is missing", [{ name: "c", number: 1 }], "there are 1 parts of a model that has 2"],
  [
    "one is there twice",
    [
      { name: "d", number: 1 },
      { name: "e", number: 1 },
    ],
    "one of the parts is there twice",
  ],
  [
    "they are of models with other numbers of parts",
    [
      { name: "f", number: 0 },
      { name: "g", number: 1, count: 3 },
    ],
    "the parts are not of one model",
  ],
  [
    "there are fewer tensors than the model has",
    [
      { name: "h", number: 0, tensors: [["x", 1]] },
      { name: "i", number: 1, tensors: [["y", 1]] },
    ],
    "the parts are not of one model",
  ],
  [
    "a tensor is in two of them",
    [
      { name: "j", number: 0, tensors: [["x", 1]], total: 2 },
      { name: "k", number: 1, tensors: [["x", 1]], total: 2 },
    ],
    "the parts are not of one model",
  ],
])("refused: %s", async (_, options, message) => {
  const paths = await Promise.all(options.map(part));
  await expect(mergeGguf(paths, join(directory, "none"), never)).rejects.toThrow(message);
});
