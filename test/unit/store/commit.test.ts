import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { renderManifest } from "../../../src/store/manifest.ts";
import { MEDIA } from "../../../src/store/media-type.ts";
import { openStore } from "../../../src/store/store.ts";
import { bytesOf, commitTexts, digestOf, nameOf, tempDirectory } from "../../support/store-fixture.ts";

const blobsIn = (directory: string) => readdirSync(join(directory, "blobs"));

test("a commit that cannot be finished leaves neither rows nor files", async () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  const config = await store.blobs.stage(bytesOf("config"));
  const absent = { mediaType: MEDIA.model, digest: digestOf("absent"), size: 6 };
  const manifest = renderManifest({
    config: { mediaType: MEDIA.config, digest: config.digest, size: config.size },
    layers: [absent],
  });
  const commit = { name: nameOf("m"), manifest, staged: [config], gguf: [], texts: [] };
  expect(() => store.commit(commit)).toThrow(`blob "${absent.digest}" not found`);
  expect(blobsIn(directory.path)).toEqual([]);
  expect(store.reads.find(nameOf("m"))).toBeUndefined();
  expect(store.blobs.size(config.digest)).toBeUndefined();
});

test("a manifest that lies about a size is refused", async () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  const staged = await store.blobs.stage(bytesOf("config"));
  const manifest = renderManifest({
    config: { mediaType: MEDIA.config, digest: staged.digest, size: 7 },
    layers: [],
  });
  const commit = { name: nameOf("m"), manifest, staged: [staged], gguf: [], texts: [] };
  expect(() => store.commit(commit)).toThrow("has 6 bytes, the manifest says 7");
});

test("without pruning, an overwritten tag's blobs stay; a removal deletes all the same", async () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path, noPrune: true });
  await commitTexts(store, nameOf("m"), { [MEDIA.model]: "first" });
  await commitTexts(store, nameOf("m"), { [MEDIA.model]: "second" });
  expect(store.blobs.size(digestOf("first"))).toBe(5);
  store.remove(nameOf("m"));
  expect(store.blobs.size(digestOf("second"))).toBeUndefined();
});

test("one digest in several layers counts for each of them, and is deleted once", async () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  await commitTexts(store, nameOf("m"), { [MEDIA.model]: "same", [MEDIA.license]: "same" });
  expect(store.reads.list()[0]?.size).toBe(8 + '{"of":"m"}\n'.length);
  expect(store.remove(nameOf("m"))).toBe(true);
  expect(blobsIn(directory.path)).toEqual([]);
});

test("a manifest with two model layers is listed once", async () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  const staged = [await store.blobs.stage(bytesOf("one")), await store.blobs.stage(bytesOf("two"))];
  const layers = staged.map(({ digest, size }) => ({ mediaType: MEDIA.model, digest, size }));
  const manifest = renderManifest({ config: { ...layers[0]!, mediaType: MEDIA.config }, layers });
  store.commit({ name: nameOf("m"), manifest, staged, gguf: [], texts: [] });
  expect(store.reads.list().map((model) => model.weightsDigest)).toEqual([digestOf("one")]);
});

test("the manifest is kept byte for byte", async () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  const digest = await commitTexts(store, nameOf("m"), { [MEDIA.model]: "w" });
  expect(store.reads.find(nameOf("m"))?.manifestDigest).toBe(digest);
  using db = new Database(join(directory.path, "llamero.db"));
  const { json } = db.query<{ json: Uint8Array }, []>("select json from manifests").get()!;
  expect(digestOf(json).slice(7)).toBe(digest);
});

test("two stores on one directory see each other's changes, and a blob is safe while either uses it", async () => {
  using directory = tempDirectory();
  using one = openStore({ directory: directory.path });
  using other = openStore({ directory: directory.path });
  await commitTexts(one, nameOf("a"), { [MEDIA.model]: "shared" });
  await commitTexts(other, nameOf("b"), { [MEDIA.model]: "shared" });
  expect(one.remove(nameOf("b"))).toBe(true);
  expect(other.reads.list().map((model) => model.model)).toEqual(["a"]);
  expect(other.blobs.size(digestOf("shared"))).toBe(6);
});

test("many processes open one fresh store at once", async () => {
  using directory = tempDirectory();
  const script = `
    import { openStore } from ${JSON.stringify(join(import.meta.dir, "../../../src/store/store.ts"))};
    using store = openStore({ directory: ${JSON.stringify(directory.path)} });
    console.log(store.reads.list().length);`;
  const children = Array.from({ length: 6 }, () =>
    Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "pipe" }),
  );
  const outcomes = await Promise.all(
    children.map(async (child) => [await child.exited, await new Response(child.stderr).text()]),
  );
  expect(outcomes).toEqual(children.map(() => [0, ""]));
});

test("a blob that two processes install and remove all the time is never missing while a row names it", async () => {
  using directory = tempDirectory();
  const script = join(import.meta.dir, "../../support/store-rival-child.ts");
  const rivals = ["a", "b"].map((model) =>
    Bun.spawn([process.execPath, script, directory.path, model, "60"], { stderr: "inherit" }),
  );
  expect(await Promise.all(rivals.map((rival) => rival.exited))).toEqual([0, 0]);
  using store = openStore({ directory: directory.path });
  const models = store.reads.list();
  expect(models.length).toBeGreaterThan(0);
  expect(models.every(({ manifestDigest }) => !store.reads.isBroken(manifestDigest))).toBe(true);
  expect(store.blobs.size(digestOf("contested"))).toBe(9);
}, 30_000);
