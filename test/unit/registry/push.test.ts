import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { PushStatus } from "../../../src/registry/pusher.ts";
import { last, SUCCESS } from "../../support/pull-fixture.ts";
import { expectThere, faulty, MIB, pushFixture, total } from "../../support/push-fixture.ts";
import type { Fault, RegistryServerOptions } from "../../support/registry-server.ts";

const PROTOCOLS: [string, RegistryServerOptions][] = [
  ["Ollama's protocol", {}],
  ["plain OCI", { isPlain: true }],
  ["parts put aside", { putsAside: true }],
];

describe.each(PROTOCOLS)("a push, %s", (_protocol, options) => {
  test("says what it does; the registry has the same bytes", async () => {
    await using fixture = await pushFixture({ ...options });
    const { weights, manifest } = await fixture.add("m", 3);
    const lines = (await fixture.push("m")) as PushStatus[];
    const statuses = [...new Set(lines.map(({ status }) => status))];
    expect([statuses[0], ...statuses.slice(-2)]).toEqual([
      "retrieving manifest",
      "pushing manifest",
      "success",
    ]);
    const status = `pushing ${weights.digest.slice(7, 19)}`;
    expect(lines.findLast((line) => line.status === status)).toEqual({
      status,
      digest: weights.digest,
      total: weights.size,
      completed: weights.size,
    });
    expect(lines.some(({ completed }) => completed === 0)).toBe(false);
    expectThere(fixture, "m", manifest);
    const types = fixture.seen("PUT").filter(({ url }) => url.includes("/manifests/"));
    expect(types).toHaveLength(1);
  });

  test("of what is there sends the manifest alone", async () => {
    await using fixture = await pushFixture({ ...options });
    const added = await fixture.add("m", 1);
    await fixture.push("m");
    const before = fixture.registry.seen.length;
    const lines = await fixture.push("m");
    expect(last(lines)).toEqual(SUCCESS);
    // One line of each layer, and it is done.
    expect(lines).toContainEqual({
      status: `pushing ${added.weights.digest.slice(7, 19)}`,
      digest: added.weights.digest,
      total: added.weights.size,
      completed: added.weights.size,
    });
    const methods = fixture.registry.seen.slice(before).map(({ method }) => method);
    expect(methods).toEqual(["HEAD", "HEAD", "HEAD", "PUT"]);
  });

  test.each([
    ["is cut off", { cutAfter: 300_000 }],
    ["stalls", { stallAfter: 300_000 }],
    ["is answered with 503", { status: 503 }],
    ["is answered with 429", { status: 429, headers: { "retry-after": "0" } }],
    ["has its reply lost", { dropReply: true }],
  ] as [string, Fault][])("goes on when a part %s", async (_what, fault) => {
    const method = options.putsAside ? "PUT" : "PATCH";
    await using fixture = await pushFixture({
      ...options,
      fault: faulty(method, fault, { skip: 1, count: 2 }),
    });
    const added = await fixture.add("m", 4);
    expect(last(await fixture.push("m"))).toEqual(SUCCESS);
    expectThere(fixture, "m", added.manifest);
    // What the registry has got is not sent again; a part that is put aside is all or nothing.
    if (!options.putsAside) expect(fixture.received()).toBe(total(added));
  });

  test("gives up in the end, and goes on from there when it is asked for again", async () => {
    const method = options.putsAside ? "PUT" : "PATCH";
    await using fixture = await pushFixture(
      { ...options, fault: faulty(method, { status: 500 }, { skip: 1, count: 1000 }) },
      { settings: { connections: 1 } },
    );
    const added = await fixture.add("m", 4);
    expect(last(await fixture.push("m"))).toMatchObject({
      error: expect.stringMatching(
        /^max retries exceeded: push (blob|part): 500: .+ (gives no reason|refuses)$/,
      ),
    });
    const before = fixture.received();
    expect(before).toBeGreaterThanOrEqual(2 * MIB);
    delete fixture.registry.options.fault;
    expect(last(await fixture.push("m"))).toEqual(SUCCESS);
    expectThere(fixture, "m", added.manifest);
    expect(fixture.received()).toBe(total(added));
  });

  test("begins again when the registry has forgotten the session", async () => {
    await using fixture = await pushFixture({ ...options });
    let patches = 0;
    fixture.registry.options.fault = ({ method }) => {
      if (method === "PATCH" && ++patches === 4) fixture.registry.forgetUploads();
      return undefined;
    };
    const added = await fixture.add("m", 4);
    expect(last(await fixture.push("m"))).toEqual(SUCCESS);
    expectThere(fixture, "m", added.manifest);
  });

  test("a reply to the last request that is lost is not taken for a failure", async () => {
    await using fixture = await pushFixture({
      ...options,
      fault: ({ method, url }) =>
        method === "PUT" && url.includes("digest=") ? { dropReply: true } : undefined,
    });
    const added = await fixture.add("m", 2);
    expect(last(await fixture.push("m"))).toEqual(SUCCESS);
    expect(fixture.received()).toBe(total(added));
  });

  test("a client that leaves stops it; the next one goes on where it was", async () => {
    const method = options.putsAside ? "PUT" : "PATCH";
    await using fixture = await pushFixture(
      { ...options, fault: faulty(method, { stallAfter: 500_000 }, { skip: 1 }) },
      { settings: { stallMs: 60_000, connections: 1 } },
    );
    const added = await fixture.add("m", 4);
    const leave = new AbortController();
    for await (const line of fixture.pusher.push(fixture.request("m"), leave.signal)) {
      if ((line.completed ?? 0) > 2.2 * MIB) break;
    }
    await fixture.pusher[Symbol.asyncDispose]();
    const before = fixture.received();
    expect(before).toBeLessThan(3 * MIB);
    const lines = await Array.fromAsync(
      fixture.next().push(fixture.request("m"), new AbortController().signal),
    );
    expect(lines.at(-1)).toEqual(SUCCESS);
    expectThere(fixture, "m", added.manifest);
    const twice = fixture.received() - total(added);
    expect(twice).toBeLessThanOrEqual(options.putsAside ? MIB : 0);
  });
});

describe("a push is refused", () => {
  test("of a model that is not here", async () => {
    await using fixture = await pushFixture();
    expect(await fixture.push("none")).toEqual([
      { status: "retrieving manifest" },
      { status: "couldn't retrieve manifest" },
      { error: `model '${fixture.registry.host}/library/none:latest' not found` },
    ]);
    expect(fixture.registry.seen).toEqual([]);
  });

  test("by a registry that wants a token which does not help", async () => {
    await using fixture = await pushFixture({
      authorization: "Bearer other",
      challenge: 'Bearer realm="{realm}"',
    });
    await fixture.add("m", 1);
    expect(last(await fixture.push("m"))).toEqual({ error: "unauthorized: access denied" });
    expect(fixture.received()).toBe(0);
  });

  test("by a registry that denies it", async () => {
    await using fixture = await pushFixture({
      fault: ({ method }) => (method === "POST" ? { status: 403, body: "not yours" } : undefined),
    });
    await fixture.add("m", 1);
    expect(last(await fixture.push("m"))).toEqual({
      error: "unauthorized: access denied: push blob: 403: not yours",
    });
    // Not tried again: there is one for each layer at most.
    expect(fixture.seen("POST").length).toBeLessThanOrEqual(3);
  });

  test("for good, by a status that another attempt does not mend", async () => {
    await using fixture = await pushFixture({
      fault: ({ url }) => (url.includes("/manifests/") ? { status: 400, body: "bad tag" } : undefined),
    });
    await fixture.add("m", 1);
    expect(last(await fixture.push("m"))).toEqual({ error: "push model manifest: 400: bad tag" });
    expect(fixture.seen("PUT").filter(({ url }) => url.includes("/manifests/"))).toHaveLength(1);
  });

  test.each([
    [{ allowed: [] }, true, /^registry ".*" is not allowed/],
    [{ allowed: ["*"] }, false, /is in a private network/],
  ])("by our own rules: %j", async (policy, insecure, error) => {
    await using fixture = await pushFixture(
      {},
      { session: { policy: { ...policy, lookup: async () => ["127.0.0.1"] } } },
    );
    await fixture.add("m", 1);
    expect(last(await fixture.push("m", { insecure }))).toMatchObject({
      error: expect.stringMatching(error),
    });
    expect(fixture.registry.seen).toEqual([]);
  });

  test("when our blob is damaged, which the registry notices", async () => {
    await using fixture = await pushFixture();
    const { weights } = await fixture.add("m", 2);
    const path = join(fixture.directory, "blobs", weights.digest.replace(":", "-"));
    const bytes = await Bun.file(path).bytes();
    bytes[MIB]! ^= 1;
    await Bun.write(path, bytes);
    expect(last(await fixture.push("m"))).toEqual({
      error: `the registry found that blob "${weights.digest}" has another content; "llamero verify" finds out whether it is damaged`,
    });
    await Bun.write(path, bytes.subarray(1));
    expect(last(await fixture.push("m"))).toMatchObject({
      error: expect.stringContaining("is missing or damaged"),
    });
  });
});

test("a password goes to the registry", async () => {
  const authorization = `Basic ${btoa("me:secret")}`;
  await using fixture = await pushFixture({ authorization, challenge: 'Basic realm="x"' });
  await fixture.add("m", 1);
  expect(last(await fixture.push("m"))).toEqual({ error: "unauthorized: access denied" });
  const credentials = { username: "me", password: "secret" };
  expect(last(await fixture.push("m", { credentials }))).toEqual(SUCCESS);
});

test("two clients share one push, and it goes on while one of them is there", async () => {
  await using fixture = await pushFixture(
    { fault: faulty("PATCH", { stallAfter: 200_000 }, { skip: 1 }) },
    { settings: { stallMs: 300 } },
  );
  const added = await fixture.add("m", 3);
  const leave = new AbortController();
  const first = (async () => {
    for await (const line of fixture.pusher.push(fixture.request("m"), leave.signal)) {
      if ((line.completed ?? 0) > MIB) return;
    }
  })();
  const second = Array.fromAsync(fixture.pusher.push(fixture.request("m"), new AbortController().signal));
  await first;
  expect((await second).at(-1)).toEqual(SUCCESS);
  expect(fixture.received()).toBe(total(added));
});

test("a client that asks for another tag of the same repository sends no layer twice", async () => {
  await using fixture = await pushFixture();
  const added = await fixture.add("m", 3);
  const name = { ...fixture.request("m").name, tag: "other" };
  fixture.store.copy(fixture.request("m").name, name);
  const lines = await Promise.all([fixture.push("m"), fixture.push("m", { name })]);
  expect(lines.map(last)).toEqual([SUCCESS, SUCCESS]);
  expect(fixture.received()).toBe(total(added));
});
