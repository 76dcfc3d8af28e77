import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { OLLAMA_VERSION } from "../../../src/lib/ollama-version.ts";
import { renderManifest } from "../../../src/store/manifest.ts";
import { MEDIA } from "../../../src/store/media-type.ts";
import { first, isWeights, last, pullFixture, SUCCESS } from "../../support/pull-fixture.ts";
import type { Fault, Seen } from "../../support/registry-server.ts";
import { ggufWithWeights } from "../../support/weights-gguf.ts";

describe("a pull", () => {
  test("says what it does, and leaves the model, its blobs and nothing else", async () => {
    await using fixture = await pullFixture();
    const { weights, size, manifest } = await fixture.publish("m", 3);
    const lines = await fixture.pull("m");
    const statuses = [...new Set(lines.map((line) => ("status" in line ? line.status : line.error)))];
    expect([statuses[0], ...statuses.slice(-3)]).toEqual([
      "pulling manifest",
      "verifying sha256 digest",
      "writing manifest",
      "success",
    ]);
    const short = `pulling ${weights.slice(7, 19)}`;
    expect(lines.findLast((line) => "status" in line && line.status === short)).toEqual({
      status: short,
      digest: weights,
      total: size,
      completed: size,
    });
    expect(lines.some((line) => "completed" in line && line.completed === 0)).toBe(false);
    expect(fixture.store.reads.find(fixture.name("m"))?.manifestDigest).toBe(manifest);
    const files = readdirSync(join(fixture.directory, "blobs"));
    expect(files.filter((file) => !/^sha256-[0-9a-f]{64}$/.test(file))).toEqual([]);
    expect(fixture.puller.list()).toMatchObject([{ state: "done", completed: expect.any(Number), rate: 0 }]);
  });

  test("of what is there fetches the manifest alone", async () => {
    await using fixture = await pullFixture();
    const { weights } = await fixture.publish("m", 1);
    await fixture.pull("m");
    const before = fixture.registry.seen.length;
    expect(last(await fixture.pull("m"))).toEqual(SUCCESS);
    expect(fixture.registry.seen.slice(before).map(({ url }) => url)).toEqual([
      "/v2/library/m/manifests/latest",
    ]);
    expect(fixture.registry.fetches(weights)).toHaveLength(2);
  });

  test("of an unknown model", async () => {
    await using fixture = await pullFixture();
    expect(await fixture.pull("nope")).toEqual([
      { status: "pulling manifest" },
      { error: "pull model manifest: file does not exist" },
    ]);
    expect(fixture.puller.list()).toMatchObject([{ state: "failed" }]);
  });

  test("passes on what the registry says", async () => {
    await using fixture = await pullFixture({ fault: () => ({ status: 412, body: "too old" }) });
    expect(last(await fixture.pull("m"))).toEqual({ error: "pull model manifest: 412: too old" });
  });

  test.each([
    ["is cut off", { cutAfter: 1000 }],
    ["stalls", { stallAfter: 1000 }],
    ["never begins", { stallAfter: 0 }],
    ["answers 503", { status: 503 }],
    ["answers 429", { status: 429 }],
    ["names another range", { wrongRange: true }],
  ] as [string, Fault][])("goes on when a part %s", async (_what, fault) => {
    await using fixture = await pullFixture({ fault: first(2, fault) });
    const { manifest } = await fixture.publish("m", 3);
    expect(last(await fixture.pull("m"))).toEqual(SUCCESS);
    expect(fixture.store.reads.find(fixture.name("m"))?.manifestDigest).toBe(manifest);
  });

  test.each([
    ["ignored", (seen: Seen) => (isWeights(seen) ? { ignoreRange: true } : undefined)],
    ["refused", (seen: Seen) => (isWeights(seen) && seen.start > 0 ? { status: 416 } : undefined)],
  ] as [string, (seen: Seen) => Fault | undefined][])("works where ranges are %s", async (_what, fault) => {
    await using fixture = await pullFixture({ fault });
    await fixture.publish("m", 3);
    expect(last(await fixture.pull("m"))).toEqual(SUCCESS);
  });

  test("gives up a part after so many attempts without a byte, and keeps what there is", async () => {
    await using fixture = await pullFixture({ fault: first(1000, { status: 500 }) });
    const { weights } = await fixture.publish("m", 3);
    expect(last(await fixture.pull("m"))).toEqual({
      error: "max retries exceeded: unexpected status code 500",
    });
    expect(fixture.puller.list()).toMatchObject([
      { state: "paused", error: expect.stringContaining("max retries") },
    ]);
    const [before] = [fixture.store.partials.bytesDone(weights)];
    fixture.registry.options.fault = () => undefined;
    const seen = fixture.registry.seen.length;
    expect(last(await fixture.pull("m"))).toEqual(SUCCESS);
    const again = fixture.registry.seen.slice(seen).filter(({ url }) => url.includes(weights));
    expect(again.reduce((sum, { sent }) => sum + sent, 0) + before).toBe(fixture.store.blobs.size(weights)!);
    expect(fixture.puller.list()).toHaveLength(1);
  });
});

test("a pull that never got its manifest has failed, and one of the same name begins anew", async () => {
  await using fixture = await pullFixture({ fault: () => ({ status: 500 }) });
  await fixture.publish("m", 1);
  await fixture.pull("m");
  expect(fixture.puller.list()).toMatchObject([
    { state: "failed", error: expect.stringContaining("500"), total: 0 },
  ]);
  fixture.registry.options.fault = () => undefined;
  expect(last(await fixture.pull("m"))).toEqual(SUCCESS);
  expect(fixture.puller.list()).toMatchObject([{ state: "done" }, { state: "failed" }]);
});

test("a manifest without weights is refused when its config has been read, and a cloud model is named as one", async () => {
  await using fixture = await pullFixture();
  const { registry } = fixture;
  const license = registry.blob(MEDIA.license, "x");
  registry.publish("library/m:latest", license);
  expect(last(await fixture.pull("m"))).toEqual({
    error: "this model has no GGUF weights, and only those can be run",
  });
  expect(registry.fetches(license.digest)).toHaveLength(0);
  const config = registry.blob(MEDIA.config, '{"remote_host":"https://ollama.com:443","remote_model":"big"}');
  registry.manifest("library/big:latest", renderManifest({ config, layers: [] }));
  expect(last(await fixture.pull("big"))).toEqual({
    error: `"${registry.host}/library/big:latest" is a cloud model: it runs on ollama.com only`,
  });
});

test("a model that asks for a later Ollama comes with a warning", async () => {
  await using fixture = await pullFixture();
  const { registry } = fixture;
  const weights = registry.blob(MEDIA.model, await ggufWithWeights(1));
  for (const [model, requires] of [
    ["later", "9.1.0"],
    ["earlier", "0.12.0"],
  ] as const) {
    const config = registry.blob(MEDIA.config, JSON.stringify({ model_format: "gguf", requires }));
    registry.manifest(`library/${model}:latest`, renderManifest({ config, layers: [weights] }));
    const lines = await fixture.pull(model);
    expect(last(lines)).toEqual(SUCCESS);
    const warnings = lines.filter((line) => "status" in line && line.status.startsWith("warning"));
    expect(warnings).toEqual(
      model === "later"
        ? [{ status: `warning: this model asks for Ollama 9.1.0, and llamero follows ${OLLAMA_VERSION}` }]
        : [],
    );
  }
});

test("a model is compared with its registry's by the manifest alone", async () => {
  await using fixture = await pullFixture();
  await fixture.publish("m", 1);
  await fixture.pull("m");
  const request = { name: fixture.name("m"), insecure: true };
  const { signal } = new AbortController();
  expect(await fixture.puller.check(request, signal)).toMatchObject({ state: "current" });
  await fixture.publish("m", 2);
  expect(await fixture.puller.check(request, signal)).toMatchObject({ state: "outdated" });
  expect(await fixture.puller.check({ ...request, name: fixture.name("other") }, signal)).toBeUndefined();
});
