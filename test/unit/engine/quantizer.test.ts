import { expect, test } from "bun:test";
import { join } from "node:path";
import { createQuantizer } from "../../../src/engine/quantizer.ts";
import { runnerEnv } from "../../../src/engine/runner/env.ts";
import { AppError } from "../../../src/lib/errors.ts";
import { tempDirectory } from "../../support/store-fixture.ts";

const never = new AbortController().signal;

/** Quantizes in a process that does what `what` says. */
async function quantize(what: string, directory: string, signal = never, onTensor = (_: string) => {}) {
  const program = join(import.meta.dir, "../../support/fake-quantizer.ts");
  const run = createQuantizer({ program, library: what, cache: "", env: runnerEnv(process.env) });
  await Bun.write(join(directory, "from"), "weights");
  await run({ from: join(directory, "from"), to: join(directory, "to"), fileType: 7, onTensor, signal });
  return Bun.file(join(directory, "to")).text();
}

const failureOf = (attempt: Promise<unknown>): Promise<AppError> =>
  attempt.then(
    () => new AppError("internal", "it did not fail"),
    (error: unknown) => AppError.from(error),
  );

test("the file is written and each tensor told", async () => {
  using directory = tempDirectory();
  const tensors: string[] = [];
  const result = await quantize("write", directory.path, never, (name) => tensors.push(name));
  expect({ result, tensors }).toEqual({ result: "weights as 7", tensors: ["a.weight", "b.weight"] });
});

test.each([
  [
    "refuse",
    "engine",
    "quantization failed: llama_model_quantize: failed to quantize: failed to load model from sha256-1",
  ],
  ["crash", "engine", "quantization failed: signal SIGABRT: ggml.c:12: GGML_ASSERT(n > 0) failed"],
  ["disk", "no_space", "the quantized model could not be written: is the disk full?"],
])("a process that ends badly: %s", async (what, kind, message) => {
  using directory = tempDirectory();
  expect(await failureOf(quantize(what, directory.path))).toMatchObject({ kind, message });
});

test("an abort ends the process", async () => {
  using directory = tempDirectory();
  const controller = new AbortController();
  const attempt = quantize("wait", directory.path, controller.signal, () => controller.abort());
  // It would never end by itself.
  expect((await failureOf(attempt)).kind).toBe("cancelled");
});

test("nothing is started for a request that has been aborted", async () => {
  using directory = tempDirectory();
  const tensors: string[] = [];
  const attempt = quantize("write", directory.path, AbortSignal.abort(), (name) => tensors.push(name));
  expect((await failureOf(attempt)).kind).toBe("cancelled");
  expect(tensors).toEqual([]);
});
