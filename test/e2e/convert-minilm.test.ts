/** The converter on the published all-MiniLM-L6-v2, held against what llama.cpp's own Python tools make of it. */
import { expect, test } from "bun:test";
import { gguf } from "@huggingface/gguf";
import { allMiniLm } from "../support/models.ts";

/** SHA-256 of the tensor data, and of the tokens joined by newlines, of the F16 file that gguf-py 0.19 wrote. */
const REFERENCE = {
  data: "d8f2bb988c81bf10b13645be2b9acafe72269412193ca5d21425938d1381b040",
  tokens: "45f3f0defbfbb20c8b606efa549f41fea87dc8c64f169f8e92cdf8802334a55d",
};

const sha256 = (data: string | Uint8Array): string =>
  new Bun.CryptoHasher("sha256").update(data).digest("hex");

test("the same tensor bytes and tokens as the reference conversion", async () => {
  const path = await allMiniLm();
  const { metadata, tensorDataOffset } = await gguf(path, { allowLocalFile: true });
  expect(sha256(await Bun.file(path).slice(Number(tensorDataOffset)).bytes())).toBe(REFERENCE.data);
  const tokens: unknown = Object.entries(metadata).find(([key]) => key === "tokenizer.ggml.tokens")?.[1];
  if (!Array.isArray(tokens)) throw new Error("no tokens");
  expect(sha256(tokens.join("\n"))).toBe(REFERENCE.tokens);
  expect(metadata).toMatchObject({
    "general.name": "all-MiniLM-L6-v2",
    "general.license": "apache-2.0",
    "bert.block_count": 6,
    "bert.context_length": 512,
    "bert.pooling_type": 1,
  });
}, 120_000);
