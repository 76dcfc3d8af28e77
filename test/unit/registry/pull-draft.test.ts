import { describe, expect, test } from "bun:test";
import { systemClock } from "../../../src/lib/clock.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { createCatalog } from "../../../src/models/create-catalog.ts";
import { createPusher } from "../../../src/registry/create-pusher.ts";
import type { Puller } from "../../../src/registry/puller.ts";
import { MEDIA } from "../../../src/store/media-type.ts";
import { noQuantizer } from "../../support/no-quantizer.ts";
import {
  IMPATIENT,
  last,
  type PullFixture,
  pullFixture,
  SUCCESS,
  sessionFor,
} from "../../support/pull-fixture.ts";
import { type RegistryServer, startRegistry } from "../../support/registry-server.ts";
import { tinyGguf } from "../../support/tiny-gguf.ts";
import { ggufWithWeights } from "../../support/weights-gguf.ts";

const signal = () => new AbortController().signal;

/** A model of the registry's that has a draft. */
async function publish({ registry }: PullFixture) {
  const weights = registry.blob(MEDIA.model, await ggufWithWeights(1));
  const draft = registry.blob(MEDIA.draft, await tinyGguf());
  const manifest = registry.publish("library/m:latest", weights, draft);
  return { weights, draft, manifest };
}

const catalogOf = ({ store }: PullFixture) =>
  createCatalog({
    store,
    checkTemplate: () => undefined,
    goTraits: () => ({ tools: false, insert: false, thinking: false }),
    quantize: noQuantizer,
  });

const wasFetched = ({ registry }: PullFixture, { digest }: { digest: string }): boolean =>
  registry.seen.some(({ method, url }) => method === "GET" && url.includes(digest));

async function pullWith(fixture: PullFixture, puller: Puller): Promise<string[]> {
  const lines = puller.pull({ name: fixture.name("m"), insecure: true }, signal());
  return (await Array.fromAsync(lines)).map(({ status }) => status);
}

describe("a draft that nobody uses", () => {
  test("is not fetched, the pull says so, and the model is whole without it", async () => {
    await using fixture = await pullFixture();
    const { draft, manifest } = await publish(fixture);
    const lines = await fixture.pull("m");
    expect(last(lines)).toEqual(SUCCESS);
    expect(lines).toContainEqual({
      status: expect.stringMatching(/^leaving out the draft model \(\d+ B\), .*OLLAMA_DRAFT_MODELS=1/),
    });
    expect(wasFetched(fixture, draft)).toBe(false);
    const catalog = catalogOf(fixture);
    const model = catalog.resolve(fixture.name("m"));
    expect(model?.manifestDigest).toBe(manifest.slice(-64));
    expect(model?.draft).toBeUndefined();
    expect(catalog.list()).toHaveLength(1);
    expect((await catalog.show(fixture.name("m"), { verbose: false }))?.modelfile).not.toContain("DRAFT");
  });

  test("is no complaint of verify, now or when the books are made anew, and no work for prune", async () => {
    await using fixture = await pullFixture();
    const { weights, draft } = await publish(fixture);
    await fixture.pull("m");
    const catalog = catalogOf(fixture);
    for (const rebuild of [false, true]) {
      const said = await Array.fromAsync(catalog.verify({ rebuild }, signal()));
      expect(said.at(-1)).toMatchObject({ status: "done", bad: 0 });
      expect(said).toContainEqual(expect.objectContaining({ status: "verified", digest: weights.digest }));
      expect(JSON.stringify(said)).not.toContain(draft.digest);
    }
    expect(fixture.puller.prune(true)).toEqual([]);
    expect(fixture.store.reads.isBroken(catalog.resolve(fixture.name("m"))!.manifestDigest)).toBe(false);
  });

  test("is left out of copies and of what is created from the model", async () => {
    await using fixture = await pullFixture();
    const { draft } = await publish(fixture);
    await fixture.pull("m");
    const catalog = catalogOf(fixture);
    const [copy, child] = [fixture.name("copy"), fixture.name("child")];
    expect(catalog.copy(fixture.name("m"), copy)).toBe(true);
    await Array.fromAsync(
      catalog.create({ name: child, from: `${fixture.registry.host}/library/m`, system: "s" }, signal()),
    );
    expect(catalog.resolve(copy)).toBeDefined();
    const parts = fixture.store.reads.parts(catalog.resolve(child)!.manifestDigest);
    expect(parts.map(({ digest }) => digest)).not.toContain(draft.digest);
    for (const name of [fixture.name("m"), copy, child]) expect(await catalog.remove(name)).toBe(true);
    expect(fixture.store.blobs.size(draft.digest)).toBeUndefined();
  });
});

test("with OLLAMA_DRAFT_MODELS it comes with the model, or later with the same model pulled again", async () => {
  await using fixture = await pullFixture();
  const { draft } = await publish(fixture);
  await fixture.pull("m");
  const catalog = catalogOf(fixture);
  expect(catalog.resolve(fixture.name("m"))?.draft).toBeUndefined();
  await using puller = fixture.over(fixture.store, true);
  expect((await pullWith(fixture, puller)).at(-1)).toBe("success");
  expect(catalog.resolve(fixture.name("m"))?.draft).toMatchObject({ bytes: draft.size });
  // What is there stays, whoever pulls again.
  expect(await fixture.pull("m")).not.toContainEqual({ status: expect.stringContaining("leaving out") });
  expect(catalog.resolve(fixture.name("m"))?.draft).toMatchObject({ bytes: draft.size });
});

test("a draft that is no GGUF of ours does not keep a model from being pulled", async () => {
  await using fixture = await pullFixture();
  const weights = fixture.registry.blob(MEDIA.model, await ggufWithWeights(1));
  fixture.registry.publish("library/m:latest", weights, fixture.registry.blob(MEDIA.draft, "another format"));
  await using puller = fixture.over(fixture.store, true);
  expect((await pullWith(fixture, puller)).at(-1)).toBe("success");
  expect(catalogOf(fixture).resolve(fixture.name("m"))).toBeDefined();
});

describe("a push without the draft's file", () => {
  async function push(fixture: PullFixture, registry: RegistryServer): Promise<string[]> {
    const session = sessionFor(registry);
    const settings = { ...IMPATIENT, replyMs: 300, partBytes: () => 2 ** 20 };
    await using pusher = createPusher({
      store: fixture.store,
      clock: systemClock,
      logger: silentLogger,
      session,
      settings,
    });
    const name = { ...fixture.name("m"), host: registry.host };
    const lines = await Array.fromAsync(pusher.push({ name, insecure: true }, signal()));
    return lines.map(({ status }) => status);
  }

  test("sends the same manifest to a registry that has the draft", async () => {
    await using fixture = await pullFixture();
    await publish(fixture);
    const before = fixture.registry.stored("library/m:latest");
    await fixture.pull("m");
    const lines = await push(fixture, fixture.registry);
    expect(lines.at(-1)).toBe("success");
    expect(lines.join()).not.toContain("leaving out");
    expect(fixture.registry.stored("library/m:latest")).toEqual(before);
  });

  test("leaves it out of the manifest for another one, and says so", async () => {
    await using fixture = await pullFixture();
    const { weights, draft } = await publish(fixture);
    await fixture.pull("m");
    await using other = await startRegistry();
    catalogOf(fixture).copy(fixture.name("m"), { ...fixture.name("m"), host: other.host });
    const lines = await push(fixture, other);
    expect(lines).toContain("leaving out the draft model, which was not fetched");
    expect(lines.at(-1)).toBe("success");
    const stored = String(other.stored("library/m:latest"));
    expect(stored).toContain(weights.digest);
    expect(stored).not.toContain(draft.digest);
  });
});
