import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Digest } from "../../../src/lib/digest.ts";
import type { PullStatus } from "../../../src/registry/puller.ts";
import { MEDIA } from "../../../src/store/media-type.ts";
import { partialPath } from "../../../src/store/partials.ts";
import { openStore } from "../../../src/store/store.ts";
import { type PullFixture, pullFixture } from "../../support/pull-fixture.ts";

/** What was said once the layers were there. */
const ending = (lines: readonly (PullStatus | { error: string })[]): string[] =>
  lines
    .map((line) => ("status" in line ? line.status : line.error))
    .filter((text) => !/^pulling /.test(text));

/** Leaves a pull of `model` with some of its weights. */
async function interrupt({ registry, puller, name }: PullFixture, model: string): Promise<void> {
  registry.options.bytesPerSecond = 400_000;
  const leave = new AbortController();
  const reading = (async () => {
    for await (const line of puller.pull({ name: name(model), insecure: true }, leave.signal)) {
      if (line.completed) leave.abort(new Error("left"));
    }
  })();
  await reading.catch(() => {});
  delete registry.options.bytesPerSecond;
}

const partOf = ({ directory }: PullFixture, digest: Digest): boolean =>
  existsSync(partialPath(join(directory, "blobs"), digest));

test("what only the old model used is removed, and that is said", async () => {
  await using fixture = await pullFixture();
  const { weights: old } = await fixture.publish("m", 1);
  await fixture.pull("m");
  const { weights } = await fixture.publish("m", 2);
  expect(ending(await fixture.pull("m"))).toEqual([
    "verifying sha256 digest",
    "writing manifest",
    "removing unused layers",
    "success",
  ]);
  expect([fixture.store.blobs.size(old), fixture.store.blobs.size(weights)]).toEqual([
    undefined,
    expect.any(Number),
  ]);
});

test("what another model uses stays, and nothing is said", async () => {
  await using fixture = await pullFixture();
  const { weights: old } = await fixture.publish("m", 1);
  await fixture.pull("m");
  fixture.store.copy(fixture.name("m"), fixture.name("copy"));
  await fixture.publish("m", 2);
  expect(ending(await fixture.pull("m"))).not.toContain("removing unused layers");
  expect(fixture.store.blobs.size(old)).toBeGreaterThan(0);
});

test("with OLLAMA_NOPRUNE nothing is removed", async () => {
  await using fixture = await pullFixture();
  using store = openStore({ directory: fixture.directory, noPrune: true });
  await using puller = fixture.over(store);
  const pull = () =>
    Array.fromAsync(puller.pull({ name: fixture.name("m"), insecure: true }, new AbortController().signal));
  const { weights: old } = await fixture.publish("m", 1);
  await pull();
  await fixture.publish("m", 2);
  expect(ending(await pull())).not.toContain("removing unused layers");
  expect(store.blobs.size(old)).toBeGreaterThan(0);
});

test("removing a model removes what an interrupted pull of it has left", async () => {
  await using fixture = await pullFixture();
  await fixture.publish("m", 1);
  await fixture.pull("m");
  const { weights } = await fixture.publish("m", 3);
  await interrupt(fixture, "m");
  expect(partOf(fixture, weights)).toBe(true);
  expect(fixture.store.remove(fixture.name("M"))).toBe(true);
  expect(partOf(fixture, weights)).toBe(false);
  expect(fixture.store.partials.bytesDone(weights)).toBe(0);
  expect(fixture.puller.list().map(({ state }) => state)).toEqual(["done"]);
});

test("but not what another pull wants that goes on or is to go on", async () => {
  await using fixture = await pullFixture();
  await fixture.publish("m", 1);
  await fixture.pull("m");
  const { weights } = await fixture.publish("m", 3);
  await fixture.publish("other", 3);
  await interrupt(fixture, "m");
  await interrupt(fixture, "other");
  const kept = fixture.store.partials.bytesDone(weights);
  expect(fixture.store.remove(fixture.name("m"))).toBe(true);
  expect([partOf(fixture, weights), fixture.store.partials.bytesDone(weights)]).toEqual([true, kept]);
  expect(fixture.puller.list()).toMatchObject([{ state: "paused" }, { state: "done" }]);
});

test("a pull that runs survives the removal of what it is to replace", async () => {
  await using fixture = await pullFixture();
  await fixture.publish("m", 1);
  await fixture.pull("m");
  const { manifest } = await fixture.publish("m", 3);
  fixture.registry.options.bytesPerSecond = 400_000;
  const request = { name: fixture.name("m"), insecure: true };
  let removed = false;
  for await (const line of fixture.puller.pull(request, new AbortController().signal)) {
    if (!line.completed || removed) continue;
    removed = fixture.store.remove(fixture.name("m"));
    delete fixture.registry.options.bytesPerSecond;
  }
  expect(removed).toBe(true);
  expect(fixture.store.reads.find(fixture.name("m"))?.manifestDigest).toBe(manifest);
});

test.each([
  ["application/vnd.oci.image.index.v1+json"],
  ["application/vnd.docker.distribution.manifest.list.v2+json"],
])("a list of manifests is told from a manifest: %s", async (mediaType) => {
  await using fixture = await pullFixture();
  fixture.registry.manifest(
    "library/m:latest",
    JSON.stringify({ schemaVersion: 2, mediaType, manifests: [] }),
  );
  expect(ending(await fixture.pull("m"))).toEqual([
    "invalid manifest: it is a list of manifests for several platforms, which models do not have",
  ]);
});

test("weights that are split are refused before anything is fetched", async () => {
  await using fixture = await pullFixture();
  const { registry } = fixture;
  registry.publish(
    "library/m:latest",
    registry.blob(MEDIA.model, "GGUF1"),
    registry.blob(MEDIA.model, "GGUF2"),
  );
  expect(ending(await fixture.pull("m"))).toEqual([
    "this model's weights are split into 2 files, and only one can be run: merge them with llamero create",
  ]);
  expect(registry.seen).toHaveLength(1);
});
