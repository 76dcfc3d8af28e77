import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { first, isWeights, last, pullFixture, SUCCESS } from "../../support/pull-fixture.ts";
import type { Fault, Seen } from "../../support/registry-server.ts";

describe("wrong content", () => {
  test("from the source once: all of it is fetched again", async () => {
    await using fixture = await pullFixture({ fault: first(1, { corrupt: true }) });
    await fixture.publish("m", 3);
    expect(last(await fixture.pull("m"))).toEqual(SUCCESS);
  });

  test("from the source always: the digests are told and nothing is kept", async () => {
    await using fixture = await pullFixture({ fault: first(1000, { corrupt: true }) });
    const { weights } = await fixture.publish("m", 3);
    const { error } = last(await fixture.pull("m")) as { error: string };
    const parts = fixture.registry.seen.filter(({ url, start }) => url.includes(weights) && start > 0);
    // Three of the four parts have a start; each is asked for twice and no more.
    expect(parts).toHaveLength(6);
    expect(error).toStartWith(`digest mismatch, file must be downloaded again: want ${weights}, got sha256:`);
    expect(readdirSync(join(fixture.directory, "blobs")).some((file) => file.endsWith("-partial"))).toBe(
      false,
    );
  });

  test("on our own disk: only that part is fetched again", async () => {
    const beyond = (seen: Seen): Fault | undefined =>
      isWeights(seen) && seen.start >= 3 * 2 ** 20 ? { status: 403 } : undefined;
    await using fixture = await pullFixture({ fault: beyond }, { settings: { connections: 1 } });
    const { weights } = await fixture.publish("m", 3);
    await fixture.pull("m");
    const path = join(fixture.directory, "blobs", `${weights.replace(":", "-")}-partial`);
    const whole = fixture.store.partials.bytesDone(weights);
    expect(whole).toBeGreaterThan(2 ** 20);
    const bytes = await Bun.file(path).bytes();
    bytes[10]! ^= 1;
    await Bun.write(path, bytes);
    delete fixture.registry.options.fault;
    const seen = fixture.registry.seen.length;
    expect(last(await fixture.pull("m"))).toEqual(SUCCESS);
    const fetched = fixture.registry.seen.slice(seen).filter(({ url }) => url.includes(weights));
    expect(fetched.map(({ start }) => start)).toEqual([3 * 2 ** 20, 0]);
  });
});
