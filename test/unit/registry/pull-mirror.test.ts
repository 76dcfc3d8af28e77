import { expect, test } from "bun:test";
import { parseModelName } from "../../../src/models/name.ts";
import { MEDIA } from "../../../src/store/media-type.ts";
import { last, pullFixture, SUCCESS } from "../../support/pull-fixture.ts";
import { startRegistry } from "../../support/registry-server.ts";
import { ggufWithWeights } from "../../support/weights-gguf.ts";

const OF = "registry.example";

/** A mirror with one model, and a registry that it stands for. */
async function mirrored(models: string[]) {
  const mirror = await startRegistry();
  const layer = mirror.blob(MEDIA.model, await ggufWithWeights(1));
  for (const model of models) mirror.publish(`library/${model}:latest`, layer);
  return mirror;
}

test("a model comes from the mirror of its registry, which may be private and speak http", async () => {
  await using mirror = await mirrored(["m"]);
  const policy = { allowed: [OF], lookup: async () => ["127.0.0.1"] };
  const mirrors = [{ of: OF, url: `http://${mirror.host}` }];
  await using fixture = await pullFixture({}, { session: { mirrors, policy } });
  const name = parseModelName(`${OF}/library/m`)!;
  expect(last(await fixture.pull("m", { name, insecure: false }))).toEqual(SUCCESS);
  expect(fixture.store.reads.find(name)).toBeDefined();
  expect(fixture.registry.seen).toEqual([]);
});

test("what the mirror does not have, or while it is gone, comes from the registry", async () => {
  await using mirror = await mirrored(["other"]);
  for (const url of [`http://${mirror.host}`, "http://127.0.0.1:1"]) {
    const mirrors: { of: string; url: string }[] = [];
    await using fixture = await pullFixture({}, { session: { mirrors } });
    mirrors.push({ of: fixture.registry.host, url });
    await fixture.publish("m", 1);
    expect(last(await fixture.pull("m"))).toEqual(SUCCESS);
  }
});

test("a registry that is not allowed stays so, whatever mirrors it", async () => {
  await using mirror = await mirrored(["m"]);
  const mirrors = [{ of: "other.example", url: `http://${mirror.host}` }];
  await using fixture = await pullFixture({}, { session: { mirrors } });
  const name = parseModelName("other.example/library/m")!;
  expect(last(await fixture.pull("m", { name }))).toMatchObject({
    error: expect.stringContaining("not allowed"),
  });
  expect(mirror.seen).toEqual([]);
});
