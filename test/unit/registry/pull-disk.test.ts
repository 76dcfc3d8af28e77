import { expect, test } from "bun:test";
import { AppError } from "../../../src/lib/errors.ts";
import { MEDIA } from "../../../src/store/media-type.ts";
import type { Store } from "../../../src/store/store.ts";
import { last, pullFixture } from "../../support/pull-fixture.ts";

test("a disk that is too small is told before the first byte", async () => {
  await using fixture = await pullFixture();
  const manifest = {
    mediaType: MEDIA.model,
    digest: fixture.registry.blob(MEDIA.model, "x").digest,
    size: 2 ** 52,
  };
  fixture.registry.publish("library/m:latest", manifest);
  const { error } = last(await fixture.pull("m")) as { error: string };
  expect(error).toMatch(
    /^not enough disk space: 4728 TB needed, \d+(\.\d)? [KMGT]B free in "\/.+"; "llamero rm" and "llamero prune" make room$/,
  );
  expect(fixture.registry.seen).toHaveLength(1);
});

test("a disk that fills up on the way pauses the pull, which goes on from there when there is room", async () => {
  await using fixture = await pullFixture();
  const { weights, size } = await fixture.publish("m", 3);
  const { store } = fixture;
  let room = 2 ** 20;
  const partials: Store["partials"] = {
    ...store.partials,
    async open(...args) {
      const partial = await store.partials.open(...args);
      const write = partial.write.bind(partial);
      partial.write = async (offset, bytes) => {
        room -= bytes.byteLength;
        if (room < 0) throw new AppError("no_space", "no space left; what has been fetched is kept");
        await write(offset, bytes);
      };
      return partial;
    },
  };
  await using puller = fixture.over({ ...store, partials });
  const request = { name: fixture.name("m"), insecure: true };
  const pull = () => Array.fromAsync(puller.pull(request, new AbortController().signal));
  expect(await pull().catch((error: unknown) => error)).toMatchObject({ kind: "no_space" });
  expect(puller.list()).toMatchObject([{ state: "paused", error: expect.stringContaining("no space left") }]);
  const kept = store.partials.bytesDone(weights);
  expect(kept).toBeGreaterThan(0);
  room = Number.POSITIVE_INFINITY;
  const seen = fixture.registry.seen.length;
  expect((await pull()).at(-1)).toEqual({ status: "success" });
  const rest = fixture.registry.seen.slice(seen).filter(({ url }) => url.includes(weights));
  expect(rest.reduce((sum, { sent }) => sum + sent, 0)).toBe(size - kept);
});
