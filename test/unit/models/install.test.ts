import { expect, test } from "bun:test";
import { installManifest } from "../../../src/models/install.ts";
import { renderManifest } from "../../../src/store/manifest.ts";
import { MEDIA } from "../../../src/store/media-type.ts";
import { type CatalogFixture, openCatalog } from "../../support/catalog-fixture.ts";
import { bytesOf, nameOf } from "../../support/store-fixture.ts";
import { tinyGguf } from "../../support/tiny-gguf.ts";

const CONFIG = '{"model_format":"gguf","model_family":"llama"}';

/** Uploads the blobs of a model, as a pull would. @returns its manifest. */
async function pulled({ upload }: CatalogFixture, system: string): Promise<Uint8Array> {
  const weights = await tinyGguf();
  return renderManifest({
    config: { mediaType: MEDIA.config, digest: await upload(CONFIG), size: CONFIG.length },
    layers: [
      { mediaType: MEDIA.model, digest: await upload(weights), size: weights.byteLength },
      { mediaType: MEDIA.system, digest: await upload(system), size: system.length },
    ],
  });
}

test("a manifest whose blobs are there already becomes a model", async () => {
  using ours = openCatalog();
  await installManifest(ours.store, { name: nameOf("m"), manifest: await pulled(ours, "hello") });
  expect(ours.catalog.resolve(nameOf("m"))).toMatchObject({ system: "hello", architecture: "llama" });
});

test("over an existing tag: the old manifest's own blobs go", async () => {
  using ours = openCatalog();
  await installManifest(ours.store, { name: nameOf("m"), manifest: await pulled(ours, "old") });
  await installManifest(ours.store, { name: nameOf("m"), manifest: await pulled(ours, "new") });
  expect(ours.catalog.resolve(nameOf("m"))?.system).toBe("new");
  expect(ours.blobCount()).toBe(3);
});

test("a guard that throws prevents it, and what was staged goes", async () => {
  using ours = openCatalog();
  const manifest = await pulled(ours, "hello");
  const staged = [await ours.store.blobs.stage(bytesOf("more"))];
  const before = ours.blobCount();
  const guard = () => {
    throw new Error("not now");
  };
  const install = installManifest(ours.store, { name: nameOf("m"), manifest, staged, guard });
  await expect(install).rejects.toThrow("not now");
  expect(ours.catalog.resolve(nameOf("m"))).toBeUndefined();
  expect(ours.blobCount()).toBe(before - 1);
});
