import { test } from "bun:test";
import { writeGguf } from "../../../../src/models/gguf/write.ts";
import { compareWithOracle } from "../../../support/gguf-oracle.ts";
import { writeTinyLlama } from "../../../support/tiny-llama.ts";
import { EVERY_TYPE, TENSORS, withFile } from "./sample.ts";

test("a file with metadata of every type", async () => {
  await withFile(async (path) => {
    await writeGguf(path, EVERY_TYPE, TENSORS, new AbortController().signal);
    await compareWithOracle(path);
  });
});

test("a model", async () => {
  await withFile(async (path) => {
    await writeTinyLlama(path);
    await compareWithOracle(path);
  });
});
