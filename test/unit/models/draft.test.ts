import { describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import type { Digest } from "../../../src/lib/digest.ts";
import { parseModelfile } from "../../../src/modelfile/parse.ts";
import { summarizeModelfile } from "../../../src/modelfile/summary.ts";
import type { GgufValue } from "../../../src/models/gguf/value.ts";
import { MEDIA } from "../../../src/store/media-type.ts";
import { type CatalogFixture, openCatalog } from "../../support/catalog-fixture.ts";
import { nameOf } from "../../support/store-fixture.ts";
import { llamaMetadata, text, tinyGguf, uint32 } from "../../support/tiny-gguf.ts";

const tokens = (...value: string[]): GgufValue => ({ type: "array", of: "string", value });
const NONE = { verbose: false };

const small = (changes: Record<string, GgufValue> = {}) =>
  tinyGguf(llamaMetadata({ "general.name": text("small"), ...changes }));

/** A model, and another that may guess for it. */
async function models(
  changes: Record<string, GgufValue> = {},
): Promise<{ model: Digest; draft: Digest } & CatalogFixture> {
  const fixture = openCatalog();
  const model = await fixture.upload(await tinyGguf());
  const draft = await fixture.upload(await small(changes));
  await fixture.create("base", { files: { "model.gguf": model } });
  return { ...fixture, model, draft };
}

const layersOf = ({ store }: CatalogFixture, model: string) =>
  store.reads.parts(store.reads.find(nameOf(model))!.manifestDigest);

test("a draft is a layer of the media type that Ollama publishes; what the model can do stays", async () => {
  using fixture = await models();
  await fixture.create("fast", { from: "base", draftFiles: { "draft.gguf": fixture.draft } });
  const layer = layersOf(fixture, "fast").find(({ digest }) => digest === fixture.draft);
  expect(layer?.mediaType).toBe("application/vnd.ollama.image.draft");
  const [base, fast] = ["base", "fast"].map((name) => fixture.catalog.resolve(nameOf(name))!);
  expect(fast!.draft).toMatchObject({ path: fixture.store.blobs.path(layer!.digest), bytes: layer!.size });
  expect(base!.draft).toBeUndefined();
  expect(fast!.capabilities).toEqual(base!.capabilities);
  expect(fast!.details).toEqual({ ...base!.details, parentModel: "base:latest" });
  expect(fixture.catalog.list().map(({ shortName }) => shortName)).toContain("fast:latest");
});

test("show prints it, and its Modelfile makes the same model again", async () => {
  using fixture = await models();
  await fixture.create("fast", { from: "base", draftFiles: { "draft.gguf": fixture.draft } });
  const { modelfile } = (await fixture.catalog.show(nameOf("fast"), NONE))!;
  const path = fixture.store.blobs.path(layersOf(fixture, "fast").at(-1)!.digest);
  expect(modelfile).toContain(`\nDRAFT ${path}\n`);
  expect(summarizeModelfile(parseModelfile(modelfile), () => {}).drafts).toEqual([path]);
});

test("another model's weights guess, by its name; a later draft takes the place of an earlier one", async () => {
  using fixture = await models();
  await fixture.create("small", { files: { "small.gguf": fixture.draft } });
  await fixture.create("fast", { from: "base", draftFiles: { "draft.gguf": fixture.model } });
  await fixture.create("faster", { from: "fast", draft: "small" });
  const drafts = layersOf(fixture, "faster").filter(({ mediaType }) => mediaType === MEDIA.draft);
  expect(drafts.map(({ digest }) => digest)).toEqual([fixture.draft]);
  // It stays with the models that are made of this one, and when that model is gone.
  await fixture.create("child", { from: "faster", system: "Be brief." });
  await fixture.catalog.remove(nameOf("small"));
  expect(fixture.catalog.resolve(nameOf("child"))?.draft?.path).toContain(fixture.draft.slice(7));
});

describe("is refused", () => {
  const base = { "tokenizer.ggml.model": text("gpt2") };
  test.each<[string, Record<string, GgufValue>, RegExp]>([
    ["another tokenizer", base, /its tokenizer is "gpt2", and the model's is "none"$/],
    [
      "a vocabulary of another size",
      { "tokenizer.ggml.tokens": tokens(...Array.from({ length: 200 }, (_, id) => `t${id}`)) },
      /it knows 200 tokens, and the model 2$/,
    ],
    ["an embedding model", { "llama.pooling_type": uint32(1) }, /it embeds and does not generate text$/],
    ["a head", { "general.architecture": text("dflash") }, /it is a head \(dflash\)/],
  ])("%s", async (_what, changes, message) => {
    using fixture = await models(changes);
    const error = await fixture
      .create("fast", { from: "base", draftFiles: { "draft.gguf": fixture.draft } })
      .catch((thrown) => thrown);
    expect(error.status).toBe(400);
    expect(error.message).toStartWith("DRAFT cannot guess for this model: ");
    expect(error.message).toMatch(message);
    expect(fixture.catalog.resolve(nameOf("fast"))).toBeUndefined();
  });
});

test("a draft whose file is gone is done without, and verify says that it is missing", async () => {
  using fixture = await models();
  await fixture.create("fast", { from: "base", draftFiles: { "draft.gguf": fixture.draft } });
  const { digest } = layersOf(fixture, "fast").at(-1)!;
  rmSync(fixture.store.blobs.path(digest));
  expect(fixture.store.blobs.size(digest)).toBeUndefined();
  const fast = fixture.catalog.resolve(nameOf("fast"));
  expect(fast).toBeDefined();
  expect(fast!.draft).toBeUndefined();
  expect((await fixture.catalog.show(nameOf("fast"), NONE))!.modelfile).not.toContain("DRAFT");
  const said = await Array.fromAsync(
    fixture.catalog.verify({ rebuild: false }, new AbortController().signal),
  );
  expect(said).toContainEqual(
    expect.objectContaining({ status: "bad", digest, reason: "its file is missing" }),
  );
});
