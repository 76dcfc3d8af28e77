import { describe, expect, test } from "bun:test";
import { last, SUCCESS } from "../../../support/pull-fixture.ts";
import { expectThere, faulty, MIB, pushFixture, total } from "../../../support/push-fixture.ts";

describe("a session", () => {
  test("whose registry does not tell how far it is goes on from what was said last", async () => {
    await using fixture = await pushFixture({
      tellsNothing: true,
      fault: faulty("PATCH", { status: 503 }, { skip: 2, count: 2 }),
    });
    const added = await fixture.add("m", 4);
    expect(last(await fixture.push("m"))).toEqual(SUCCESS);
    expect(fixture.received()).toBe(total(added));
  });

  test("of which nothing is told and a part was cut begins again, and the blob is right", async () => {
    await using fixture = await pushFixture({
      tellsNothing: true,
      fault: faulty("PATCH", { cutAfter: 1000 }, { skip: 2 }),
    });
    const { manifest } = await fixture.add("m", 4);
    expect(last(await fixture.push("m"))).toEqual(SUCCESS);
    expectThere(fixture, "m", manifest);
    expect(fixture.seen("POST")).toHaveLength(4);
  });

  test.each([
    ["a part's reply names bytes that were not sent", "PATCH", "0-99999999", 1],
    ["a part's reply names fewer bytes than there were", "PATCH", "0-5", 1],
    ["it is said to have more than the blob", "GET", "0-99999999", 1],
  ])("when %s", async (_what, method, says, count) => {
    let cut = 1;
    await using fixture = await pushFixture({
      isPlain: true,
      fault: (request) => {
        if (
          method === "GET" &&
          request.method === "PATCH" &&
          request.range?.startsWith("1048576-") &&
          cut-- > 0
        )
          return { cutAfter: 10 };
        return wrong(request);
      },
    });
    const wrong = faulty(method, { says }, { skip: method === "PATCH" ? 1 : 0, count });
    const { manifest } = await fixture.add("m", 3);
    expect(last(await fixture.push("m"))).toEqual(SUCCESS);
    expectThere(fixture, "m", manifest);
  });

  test("a part that is taken in part is gone on with from there", async () => {
    await using fixture = await pushFixture({ isPlain: true });
    const added = await fixture.add("m", 2);
    const original = fixture.registry.options;
    original.fault = faulty("PATCH", { cutAfter: 777 }, { skip: 0, count: 2 });
    expect(last(await fixture.push("m"))).toEqual(SUCCESS);
    expect(fixture.received()).toBe(total(added));
    const ranges = fixture.seen("PATCH").flatMap(({ range }) => range ?? []);
    expect(ranges).toContain("1049353-2097151");
    expect(ranges).toContain("1050130-2097151");
  });
});

test("a layer that the registry has in another repository is mounted", async () => {
  await using fixture = await pushFixture();
  const { weights } = await fixture.add("base", 2);
  await fixture.push("base");
  await fixture.add("child", 2, `${fixture.registry.host}/library/base:latest`);
  const before = fixture.received();
  expect(last(await fixture.push("child"))).toEqual(SUCCESS);
  expect(fixture.received() - before).toBeLessThan(1000);
  expect(fixture.seen("POST").map(({ url }) => url)).toContain(
    `/v2/library/child/blobs/uploads/?mount=${weights.digest}&from=library/base`,
  );
});

test.each(["library/base", "model.gguf", "/srv/model.gguf"])("nothing is mounted from %s", async (from) => {
  await using fixture = await pushFixture();
  await fixture.add("m", 1, from);
  expect(last(await fixture.push("m"))).toEqual(SUCCESS);
  expect(fixture.seen("POST").filter(({ url }) => url.includes("mount"))).toEqual([]);
});

describe("parts that are put aside", () => {
  test("go side by side, without credentials", async () => {
    await using fixture = await pushFixture({
      putsAside: true,
      authorization: "Bearer token",
      challenge: 'Bearer realm="{realm}",service="s",scope="repository:library/m:pull,push"',
    });
    const { weights } = await fixture.add("m", 4);
    expect(last(await fixture.push("m"))).toEqual(SUCCESS);
    const puts = fixture.registry.seen.filter(({ at }) => at === "cdn");
    expect(puts.length).toBeGreaterThan(Math.floor(weights.size / MIB));
    expect(puts.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  });

  test("go nowhere that we may not talk to", async () => {
    await using fixture = await pushFixture({
      fault: ({ method }) =>
        method === "PATCH"
          ? { status: 307, headers: { location: "ftp://169.254.169.254/x", "docker-upload-location": "/x" } }
          : undefined,
    });
    await fixture.add("m", 2);
    expect(last(await fixture.push("m"))).toEqual({ error: '"ftp:" is no protocol of registries' });
  });

  test("are asked for anew when a permission has run out", async () => {
    await using fixture = await pushFixture({
      putsAside: true,
      fault: (seen) => (seen.at === "cdn" ? expired(seen) : undefined),
    });
    const expired = faulty("PUT", { status: 403 }, { skip: 1 });
    const { manifest } = await fixture.add("m", 4);
    expect(last(await fixture.push("m"))).toEqual(SUCCESS);
    expectThere(fixture, "m", manifest);
  });
});
