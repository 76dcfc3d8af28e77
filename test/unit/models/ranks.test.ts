import { expect, test } from "bun:test";
import { openCatalog } from "../../support/catalog-fixture.ts";
import { nameOf } from "../../support/store-fixture.ts";
import { llamaMetadata, tinyGguf, uint32 } from "../../support/tiny-gguf.ts";

const HEAD = "cls.output.weight";
const pooled = (type?: number) =>
  llamaMetadata({ "llama.pooling_type": type === undefined ? undefined : uint32(type) });

test.each([
  ["a head and no pooling", undefined, HEAD, "rerank"],
  ["BERT's head", undefined, "cls.weight", "rerank"],
  ["a head and its pooling", 4, HEAD, "rerank"],
  ["a head that pooling passes by", 1, HEAD, "embedding"],
  ["pooled by a head that is not there", 4, "token_embd.weight", undefined],
  ["a part of a head", undefined, "cls.output.bias", "completion"],
  ["no head", undefined, "token_embd.weight", "completion"],
])("%s", async (_, poolingType, tensor, capability) => {
  using fixture = openCatalog();
  const digest = await fixture.upload(await tinyGguf(pooled(poolingType), tensor));
  await fixture.create("m", { files: { "m.gguf": digest } });
  const ranks = capability === "rerank";
  const capabilities = capability === undefined ? [] : [capability];
  expect(fixture.catalog.resolve(nameOf("m"))).toMatchObject({
    ranks,
    embeddingOnly: capability !== "completion",
    capabilities,
  });
  expect(fixture.catalog.list()).toMatchObject([{ capabilities }]);
});
