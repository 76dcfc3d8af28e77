import { expect, test } from "bun:test";
import type { Quantize, QuantizeJob } from "../../../../src/intent/quantize-job.ts";
import type { CreateStatus, ModelCreation } from "../../../../src/models/catalog.ts";
import { type CatalogFixture, openCatalog } from "../../../support/catalog-fixture.ts";
import { nameOf } from "../../../support/store-fixture.ts";
import { llamaMetadata, text, tinyGguf, uint32 } from "../../../support/tiny-gguf.ts";

const f16 = () => tinyGguf(llamaMetadata({ "general.file_type": uint32(1) }));

/** Writes a GGUF that says it is Q8_0, as llama.cpp would. */
const toQ8: Quantize = async ({ to, onTensor }) => {
  onTensor("token_embd.weight");
  await Bun.write(to, await tinyGguf(llamaMetadata({ "general.file_type": uint32(7) })));
};

function lines(
  { catalog }: CatalogFixture,
  model: string,
  request: Omit<ModelCreation, "name">,
  signal = new AbortController().signal,
): AsyncIterable<CreateStatus> {
  return catalog.create({ name: nameOf(model), ...request }, signal);
}

test("weights are quantized, with Ollama's status lines, and the model says so", async () => {
  const jobs: QuantizeJob[] = [];
  using fixture = openCatalog(async (job) => {
    jobs.push(job);
    await toQ8(job);
  });
  const digest = await fixture.upload(await f16());
  const all = await Array.fromAsync(
    lines(fixture, "m", { files: { "a.gguf": digest }, quantize: "q8_0", system: "s" }),
  );
  const quantizing = { status: "quantizing F16 model to Q8_0", digest: "0000000000000000000", total: 128 };
  expect(all.slice(0, 5)).toEqual([
    { status: "parsing GGUF" },
    { ...quantizing, completed: 0 },
    { ...quantizing, completed: 0 },
    { ...quantizing, completed: 128 },
    { status: "verifying conversion" },
  ]);
  const model = fixture.catalog.resolve(nameOf("m"))!;
  expect(all.slice(5).map(({ status }) => status.split(" sha256")[0])).toEqual([
    "creating new layer",
    "creating new layer",
    "writing manifest",
    "success",
  ]);
  expect(jobs[0]).toMatchObject({ from: fixture.store.blobs.path(digest), fileType: 7 });
  expect(model.details).toMatchObject({ quantizationLevel: "Q8_0", family: "llama" });
  expect(model.weights.digest).not.toBe(digest);
  // Uploaded weights, quantized weights, config, system.
  expect(fixture.blobCount()).toBe(4);
});

test("an existing model is quantized under another name and stays as it is", async () => {
  using fixture = openCatalog(toQ8);
  const digest = await fixture.upload(await f16());
  await fixture.create("base", { files: { "a.gguf": digest }, system: "s" });
  await fixture.create("small", { from: "base", quantize: "Q8_0" });
  expect(fixture.catalog.resolve(nameOf("small"))).toMatchObject({
    system: "s",
    details: { quantizationLevel: "Q8_0", parentModel: "base:latest" },
  });
  expect(fixture.catalog.resolve(nameOf("base"))).toMatchObject({
    weights: { digest },
    details: { quantizationLevel: "F16" },
  });
});

test("weights of that type already are left alone", async () => {
  using fixture = openCatalog();
  const digest = await fixture.upload(await f16());
  const statuses = await fixture.create("m", { files: { "a.gguf": digest }, quantize: "F16" });
  expect(statuses).toContain(`using existing layer ${digest}`);
});

test("only the weights are quantized", async () => {
  using fixture = openCatalog(toQ8);
  const weights = await fixture.upload(await f16());
  const adapter = await fixture.upload(
    await tinyGguf(llamaMetadata({ "general.type": text("adapter"), "general.file_type": uint32(1) })),
  );
  await fixture.create("m", {
    files: { "a.gguf": weights },
    adapters: { "b.gguf": adapter },
    quantize: "q8_0",
  });
  expect(fixture.catalog.resolve(nameOf("m"))).toMatchObject({ adapters: [{ digest: adapter }] });
});

test("a quantizer that fails leaves nothing", async () => {
  using fixture = openCatalog(async ({ to }) => {
    await Bun.write(to, "half a file");
    throw new Error("no");
  });
  const digest = await fixture.upload(await f16());
  const attempt = fixture.create("m", { files: { "a.gguf": digest }, quantize: "q8_0" });
  await expect(attempt).rejects.toThrow("no");
  expect(fixture.catalog.list()).toEqual([]);
  expect(fixture.blobCount()).toBe(1);
});

test.each(["aborted", "left"])(
  "a create that is %s meanwhile ends the quantizer and leaves nothing",
  async (how) => {
    let ended = false;
    using fixture = openCatalog(async ({ to, onTensor, signal }) => {
      await Bun.write(to, "half a file");
      onTensor("token_embd.weight");
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      ended = true;
      signal.throwIfAborted();
    });
    const digest = await fixture.upload(await f16());
    const controller = new AbortController();
    let seen = 0;
    const consume = async () => {
      const all = lines(fixture, "m", { files: { "a.gguf": digest }, quantize: "q8_0" }, controller.signal);
      for await (const { status } of all) {
        if (!status.startsWith("quantizing") || ++seen < 2) continue;
        if (how === "left") break;
        controller.abort();
      }
    };
    if (how === "left") await consume();
    else await expect(consume()).rejects.toThrow();
    expect(ended).toBe(true);
    expect(fixture.blobCount()).toBe(1);
    expect(fixture.catalog.list()).toEqual([]);
  },
);
