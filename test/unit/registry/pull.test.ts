import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../../src/lib/errors.ts";
import type { PullStatus } from "../../../src/registry/puller.ts";
import { MEDIA } from "../../../src/store/media-type.ts";
import type { Store } from "../../../src/store/store.ts";
import { pullFixture } from "../../support/pull-fixture.ts";
import type { Fault, Seen } from "../../support/registry-server.ts";

const last = (lines: readonly (PullStatus | { error: string })[]): unknown => lines.at(-1);
const SUCCESS = { status: "success" };
const isWeights = ({ method, url }: Seen): boolean => method === "GET" && url.includes("/blobs/");

/** Fault of the first requests of blobs that are parts of something larger; later ones are answered well. */
function first(count: number, fault: Fault) {
  let left = count;
  return (request: Seen): Fault | undefined => {
    if (!isWeights(request) || request.start === 0 || left-- <= 0) return undefined;
    return fault;
  };
}

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

describe("wrong content", () => {
  test("from the source once: parts are fetched again until it is right", async () => {
    await using fixture = await pullFixture({ fault: first(1, { corrupt: true }) });
    await fixture.publish("m", 3);
    expect(last(await fixture.pull("m"))).toEqual(SUCCESS);
  });

  test("from the source always: the digests are told and nothing is kept", async () => {
    await using fixture = await pullFixture({ fault: first(1000, { corrupt: true }) });
    const { weights } = await fixture.publish("m", 3);
    const { error } = last(await fixture.pull("m")) as { error: string };
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

describe("redirects", () => {
  test.each([307, 200] as const)(
    "with %d: the direct URL is used for all parts, without credentials",
    async (redirect) => {
      await using fixture = await pullFixture({
        redirect,
        authorization: "Bearer token",
        challenge: 'Bearer realm="{realm}",service="s",scope="repository:library/m:pull"',
      });
      fixture.registry.options.redirect = redirect;
      const { weights } = await fixture.publish("m", 3);
      expect(last(await fixture.pull("m"))).toEqual(SUCCESS);
      const direct = fixture.registry.fetches(weights);
      expect(direct.map(({ at }) => at)).toEqual(direct.map(() => "cdn"));
      expect(direct.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    },
  );

  test("to a private address are refused unless that is allowed", async () => {
    await using fixture = await pullFixture(
      {
        fault: ({ url }) =>
          url.includes("/blobs/")
            ? { status: 307, headers: { location: "https://169.254.169.254/latest" } }
            : undefined,
      },
      { session: { fetch: (url, init) => fetch(url.replace("https://127", "http://127"), init) } },
    );
    await fixture.publish("m", 1);
    expect(last(await fixture.pull("m", { insecure: false }))).toEqual({
      error: '"169.254.169.254" is in a private network: add it to OLLAMA_ALLOWED_REGISTRIES on the server',
    });
  });
});

describe("authentication", () => {
  test("a signed token request, then the token", async () => {
    await using fixture = await pullFixture({
      authorization: "Bearer token",
      challenge: 'Bearer realm="{realm}",service="s",scope="repository:library/m:pull"',
    });
    await fixture.publish("m", 1);
    expect(last(await fixture.pull("m"))).toEqual(SUCCESS);
    const token = fixture.registry.seen.find(({ url }) => url.startsWith("/token"))!;
    expect(token.url).toMatch(
      /^\/token\?nonce=[\w-]{22}&scope=repository%3Alibrary%2Fm%3Apull&service=s&ts=\d+$/,
    );
    expect(token.authorization).toMatch(/^AAAAC3NzaC1lZDI1NTE5[\w+/=]+:[\w+/]+=*$/);
  });

  test("a token that does not help", async () => {
    await using fixture = await pullFixture({
      authorization: "Bearer another",
      challenge: 'Bearer realm="{realm}"',
    });
    expect(last(await fixture.pull("m"))).toEqual({ error: "unauthorized: access denied" });
  });

  test("another host's realm gets nothing", async () => {
    await using fixture = await pullFixture({
      authorization: "x",
      challenge: 'Bearer realm="https://evil.example/token"',
    });
    expect(last(await fixture.pull("m"))).toEqual({
      error: `realm host "evil.example" does not match original host "${fixture.registry.host}"`,
    });
  });

  test("basic", async () => {
    const authorization = `Basic ${btoa("me:secret")}`;
    await using fixture = await pullFixture({ authorization, challenge: 'Basic realm="x"' });
    await fixture.publish("m", 1);
    expect(last(await fixture.pull("m"))).toEqual({ error: "unauthorized: access denied" });
    const credentials = { username: "me", password: "secret" };
    expect(last(await fixture.pull("m", { credentials }))).toEqual(SUCCESS);
  });

  test("a registry that is not allowed is not spoken to", async () => {
    await using fixture = await pullFixture(
      {},
      { session: { policy: { allowed: ["other.example"], lookup: async () => [] } } },
    );
    expect(last(await fixture.pull("m"))).toEqual({
      error: `registry "${fixture.registry.host}" is not allowed: add it to OLLAMA_ALLOWED_REGISTRIES on the server`,
    });
    expect(fixture.registry.seen).toEqual([]);
  });
});

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

test("a manifest without weights is refused before anything is fetched", async () => {
  await using fixture = await pullFixture();
  fixture.registry.publish("library/m:latest", fixture.registry.blob(MEDIA.license, "x"));
  expect(last(await fixture.pull("m"))).toEqual({
    error: "this model has no GGUF weights, and only those can be run",
  });
  expect(fixture.registry.seen).toHaveLength(1);
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

test("a disk that is too small is told before the first byte", async () => {
  await using fixture = await pullFixture();
  const manifest = {
    mediaType: MEDIA.model,
    digest: fixture.registry.blob(MEDIA.model, "x").digest,
    size: 2 ** 52,
  };
  fixture.registry.publish("library/m:latest", manifest);
  const { error } = last(await fixture.pull("m")) as { error: string };
  expect(error).toMatch(/^not enough disk space: 4728 TB needed, \d+(\.\d)? [KMGT]B free$/);
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
