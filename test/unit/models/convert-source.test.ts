import { expect, test } from "bun:test";
import type { Digest } from "../../../src/lib/digest.ts";
import { type CatalogFixture, createTiny, openCatalog } from "../../support/catalog-fixture.ts";
import { digestOf, nameOf } from "../../support/store-fixture.ts";
import { tinyGguf } from "../../support/tiny-gguf.ts";
import { folderOf } from "./convert/tiny-bert.ts";
import { tinyDecoder, tinyGemma } from "./convert/tiny-decoder.ts";

/** Uploads a tiny llama's folder. @param changes further files, or other ones. */
async function uploadFolder(fixture: CatalogFixture, changes: Record<string, string> = {}) {
  const files: Record<string, Digest> = {};
  for (const [path, content] of folderOf(tinyDecoder("LlamaForCausalLM"), 2).files) {
    files[path] = await fixture.upload(await content.bytes());
  }
  for (const [path, content] of Object.entries(changes)) files[path] = await fixture.upload(content);
  return files;
}

test("safetensors become a GGUF, with Ollama's status lines", async () => {
  using fixture = openCatalog();
  const files = await uploadFolder(fixture);
  const lines = await fixture.create("Mine", { files, system: "s" });
  const model = fixture.catalog.resolve(nameOf("mine"))!;
  expect(lines).toEqual([
    "converting model",
    "verifying conversion",
    `creating new layer ${model.weights.digest}`,
    `creating new layer ${digestOf("s")}`,
    "writing manifest",
    "success",
  ]);
  expect(model).toMatchObject({
    architecture: "llama",
    trainedContext: 32,
    chatTemplate: "{{ messages }}",
    system: "s",
    details: { format: "gguf", family: "llama", quantizationLevel: "F16" },
  });
  // The same files again are the same model.
  expect(await fixture.create("again", { files })).toContain(`using existing layer ${model.weights.digest}`);
});

test.each(["F32", "BF16"])(
  "%s is what they become when it is asked for, without a detour",
  async (quantize) => {
    using fixture = openCatalog();
    const lines = await fixture.create("m", { files: await uploadFolder(fixture), quantize });
    expect(lines.filter((line) => line.startsWith("quantizing"))).toEqual([]);
    expect(fixture.catalog.resolve(nameOf("m"))?.details.quantizationLevel).toBe(quantize);
  },
);

test("they are quantized afterwards; the step between is not kept", async () => {
  using fixture = openCatalog(async ({ to }) => void (await Bun.write(to, await tinyGguf())));
  const files = await uploadFolder(fixture);
  const uploaded = fixture.blobCount();
  const lines = await fixture.create("m", { files, quantize: "q8_0" });
  expect(lines.slice(0, 4)).toEqual([
    "converting model",
    "verifying conversion",
    "quantizing F16 model to Q8_0",
    "quantizing F16 model to Q8_0",
  ]);
  expect(lines[4]).toBe("verifying conversion");
  // Weights and config.
  expect(fixture.blobCount()).toBe(uploaded + 2);
});

test("what the conversion leaves out is a line of its own", async () => {
  using fixture = openCatalog();
  const files: Record<string, Digest> = {};
  for (const [path, content] of folderOf(tinyGemma({ sees: true })).files) {
    files[path] = await fixture.upload(await content.bytes());
  }
  expect((await fixture.create("m", { files })).slice(0, 3)).toEqual([
    "converting model",
    "warning: the model's vision part is left out: only its text part is converted",
    "verifying conversion",
  ]);
});

test.each([
  [
    { "config.json": '{"architectures":["MambaForCausalLM"]}' },
    'unsupported architecture "MambaForCausalLM" (supported: ',
  ],
  [{ "model-1-of-2.safetensors": "garbage" }, "model-1-of-2.safetensors is not a valid safetensors file: "],
  [{ "weights.gguf": "GGUF" }, '"weights.gguf" is a GGUF among safetensors: a model is one or the other'],
])("a folder with %j is refused and leaves nothing", async (changes, message) => {
  using fixture = openCatalog();
  const files = await uploadFolder(fixture, changes);
  const uploaded = fixture.blobCount();
  const attempt = fixture.create("m", { files });
  await expect(attempt).rejects.toMatchObject({ status: 400, message: expect.stringContaining(message) });
  expect(fixture.blobCount()).toBe(uploaded);
  expect(fixture.catalog.list()).toEqual([]);
});

test("a create that is aborted before the conversion leaves nothing", async () => {
  using fixture = openCatalog();
  const files = await uploadFolder(fixture);
  const uploaded = fixture.blobCount();
  const controller = new AbortController();
  const consume = async () => {
    for await (const { status } of fixture.catalog.create({ name: nameOf("m"), files }, controller.signal)) {
      if (status === "converting model") controller.abort();
    }
  };
  await expect(consume()).rejects.toThrow("abort");
  expect(fixture.blobCount()).toBe(uploaded);
});

test("safetensors of an adapter are refused with a way out", async () => {
  using fixture = openCatalog();
  await createTiny(fixture, "base");
  const adapters = { "adapter_model.safetensors": await fixture.upload("x") };
  await expect(fixture.create("m", { from: "base", adapters })).rejects.toThrow(
    "adapters in safetensors are not supported: convert the adapter to GGUF first",
  );
});
