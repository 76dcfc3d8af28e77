import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { last, pullFixture, SUCCESS } from "../../support/pull-fixture.ts";

describe("several at a time", () => {
  test("two clients share one download; the last one that leaves pauses it", async () => {
    await using fixture = await pullFixture({ bytesPerSecond: 400_000 });
    const { weights, size } = await fixture.publish("m", 3);
    const [one, two] = [new AbortController(), new AbortController()];
    const request = { name: fixture.name("m"), insecure: true };
    const started = Promise.withResolvers<void>();
    const reading = async (signal: AbortSignal): Promise<void> => {
      for await (const line of fixture.puller.pull(request, signal)) if (line.completed) started.resolve();
    };
    const both = [reading(one.signal), reading(two.signal)].map((each) =>
      each.catch((error: unknown) => error),
    );
    await started.promise;
    expect(fixture.registry.seen.filter(({ url }) => url.includes("/manifests/"))).toHaveLength(1);
    one.abort(new Error("left"));
    await both[0];
    expect(fixture.puller.list()).toMatchObject([{ state: "running" }]);
    two.abort(new Error("left too"));
    await both[1];
    expect(fixture.puller.list()).toMatchObject([{ state: "paused" }]);
    const kept = fixture.store.partials.bytesDone(weights);
    expect(kept).toBeGreaterThan(0);
    delete fixture.registry.options.bytesPerSecond;
    const seen = fixture.registry.seen.length;
    expect(last(await fixture.pull("m"))).toEqual(SUCCESS);
    const rest = fixture.registry.seen.slice(seen).filter(({ url }) => url.includes(weights));
    expect(rest.reduce((sum, { sent }) => sum + sent, 0)).toBe(size - kept);
  });

  test("removing one that runs ends it and its files", async () => {
    await using fixture = await pullFixture({ bytesPerSecond: 400_000 });
    await fixture.publish("m", 3);
    const request = { name: fixture.name("m"), insecure: true };
    const failure = (async () => {
      for await (const line of fixture.puller.pull(request, new AbortController().signal)) {
        if (line.completed) void fixture.puller.remove(fixture.puller.list()[0]!.id);
      }
    })().catch((error: Error) => error.message);
    expect(await failure).toBe("the pull was removed");
    await fixture.puller[Symbol.asyncDispose]();
    expect(readdirSync(join(fixture.directory, "blobs")).filter((file) => file.endsWith("-partial"))).toEqual(
      [],
    );
  });
});
