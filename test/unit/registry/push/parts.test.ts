import { describe, expect, test } from "bun:test";
import { etagOf } from "../../../../src/registry/push/blob-file.ts";
import { PartRow } from "../../../../src/registry/push/part-row.ts";
import { retryAfter } from "../../../../src/registry/push/refusal.ts";
import { uploadPartBytes } from "../../../../src/registry/push/settings.ts";
import { retrying } from "../../../../src/registry/retrying.ts";
import { RegistryRefusal } from "../../../../src/registry/upstream.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { stateOf } from "../../../support/promise-state.ts";
import { IMPATIENT } from "../../../support/pull-fixture.ts";

const MIB = 2 ** 20;
const url = (path: string) => new URL(`http://r.example/${path}`);

test.each([
  [0, 16 * MIB],
  [100 * MIB, 16 * MIB],
  [512 * MIB, 32 * MIB],
  [40 * 1024 * MIB, 64 * MIB],
])("a blob of %d bytes has parts of %d", (size, bytes) => {
  expect(uploadPartBytes(size)).toBe(bytes);
});

describe("what the registry has", () => {
  test("is everything before the first part that is not there, and goes on with that part's URL", () => {
    const row = new PartRow(0, url("0"));
    const first = row.begin(0, 10);
    row.follow(url("10"));
    const second = row.begin(10, 20);
    row.follow(url("20"));
    const third = row.begin(20, 25);
    row.follow(url("25"));
    expect(row.complete(third)).toBe(false);
    expect([row.end, row.url.pathname]).toEqual([0, "/0"]);
    expect(row.complete(first)).toBe(true);
    expect([row.end, row.url.pathname]).toEqual([10, "/10"]);
    expect(row.complete(second)).toBe(true);
    expect([row.end, row.url.pathname]).toEqual([25, "/25"]);
  });

  test("counts what is under way", () => {
    const row = new PartRow(100, url("x"));
    const [first, second] = [row.begin(100, 110), row.begin(110, 120)];
    first.sent = 4;
    expect(row.sent).toBe(104);
    row.complete(second);
    expect(row.sent).toBe(114);
  });

  test("may be less than was sent", () => {
    const row = new PartRow(0, url("0"));
    const part = row.begin(0, 10);
    row.follow(url("7"));
    row.complete(part, 7);
    expect([row.end, row.url.pathname]).toEqual([7, "/7"]);
  });
});

test("the checksum is that of an S3 upload in parts", async () => {
  const bytes = new TextEncoder().encode("abcdefgh");
  const md5 = async (start: number, end: number) =>
    new Uint8Array(new Bun.CryptoHasher("md5").update(bytes.subarray(start, end)).digest());
  const all = new Bun.CryptoHasher("md5")
    .update(await md5(0, 3))
    .update(await md5(3, 6))
    .update(await md5(6, 8))
    .digest("hex");
  const { signal } = new AbortController();
  const asked: number[] = [];
  const file = {
    md5(start: number, end: number) {
      asked.push(start);
      return md5(start, end);
    },
  };
  expect(await etagOf(new Map([[1, await md5(3, 6)]]), file, 8, 3, signal)).toBe(`${all}-3`);
  expect(asked).toEqual([0, 6]);
});

describe("Retry-After", () => {
  const clock = new FakeClock(Date.UTC(2026, 0, 1));
  test.each([
    ["7", 7000],
    ["Thu, 01 Jan 2026 00:00:05 GMT", 5000],
    ["Wed, 31 Dec 2025 00:00:00 GMT", 0],
    ["soon", 0],
    [null, 0],
  ])("%p is a pause of %d ms", (header, ms) => {
    expect(retryAfter(header, clock)).toBe(ms);
  });

  test("is waited for where it is longer than our own pause, within reason", async () => {
    const refusals = [1000, 3_600_000].map((retryAfterMs) => new RegistryRefusal("429", { retryAfterMs }));
    const { signal } = new AbortController();
    const work = retrying(
      { clock, settings: IMPATIENT, signal },
      () => 0,
      async () => {
        const refusal = refusals.shift();
        if (refusal !== undefined) throw refusal;
      },
    );
    await stateOf(work);
    expect(clock.pending).toEqual([1000]);
    clock.advance(1000);
    await stateOf(work);
    expect(clock.pending).toEqual([300_000]);
    clock.advance(300_000);
    await work;
  });
});
