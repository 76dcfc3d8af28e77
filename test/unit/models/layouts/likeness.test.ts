import { expect, test } from "bun:test";
import { likenessOf } from "../../../../src/models/layouts/likeness.ts";
import { headerOf } from "./header.ts";

const looks = (architecture: string, ...tensors: string[]) =>
  likenessOf(headerOf(architecture, {}, Object.fromEntries(tensors.map((name) => [name, [4]]))));

test("a file with an encoder in it looks like the nearest of its family", () => {
  expect(looks("qwen36", "v.patch_embed.weight")).toBe(
    `it looks like Ollama's layout of qwen35, with "v." tensors in it, but is none that llamero knows`,
  );
  expect(looks("gemma5", "token_embd.weight")).toBe(
    "it looks like Ollama's layout of gemma4, but is none that llamero knows",
  );
  expect(looks("brandnew", "mm.linear.weight")).toBe(
    `it looks like a layout of Ollama's, with "mm." tensors in it, but is none that llamero knows`,
  );
});

test("architectures of Ollama's own engine are named as such", () => {
  expect(looks("mllama", "v.x")).toBe(
    `"mllama" is an architecture of Ollama's own engine, which llama.cpp does not have`,
  );
});

test("nothing is said of a file that has nothing of Ollama's in it", () => {
  expect(looks("llama", "token_embd.weight")).toBeUndefined();
  expect(looks("gemma3", "token_embd.weight")).toBeUndefined();
  expect(looks("phi3", "token_embd.weight")).toBeUndefined();
  expect(looks("", "token_embd.weight")).toBeUndefined();
});
