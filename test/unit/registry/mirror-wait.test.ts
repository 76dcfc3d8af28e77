import { expect, test } from "bun:test";
import { NoRanges } from "../../../src/registry/blob-source.ts";
import { untilMirrored } from "../../../src/registry/mirror-wait.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const GIB = 2 ** 30;

/** A mirror that has the blob after so many looks, and the pauses between them. */
async function waitFor(looks: number, size: number): Promise<number[]> {
  const [clock, pauses]: [FakeClock, number[]] = [new FakeClock(), []];
  let [left, ended] = [looks, false];
  const source = {
    async range() {
      if (left-- > 0) throw new NoRanges("all of it");
      return new ReadableStream<Uint8Array>();
    },
  };
  const waiting = untilMirrored(source, size, clock, new AbortController().signal).then(() => {
    ended = true;
  });
  for (;;) {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    if (ended) break;
    pauses.push(clock.pending[0]!);
    clock.advance(clock.pending[0]!);
  }
  await waiting;
  return pauses;
}

test("a blob that is there is not waited for, nor is one that is small", async () => {
  expect(await waitFor(0, GIB)).toEqual([]);
  expect(await waitFor(9, 1000)).toEqual([]);
});

test("the longer a blob takes, the rarer it is asked for", async () => {
  const pauses = await waitFor(25, 100 * GIB);
  expect(pauses).toHaveLength(25);
  expect(pauses.slice(0, 4)).toEqual([250, 250, 250, 250]);
  expect(pauses.at(-1)).toBe(15_000);
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
});

test("a mirror that never has it is waited for a minute, or for what 256 KiB a second take", async () => {
  const total = async (size: number) => (await waitFor(1e6, size)).reduce((sum, ms) => sum + ms, 0) / 1000;
  expect(await total(2 ** 20)).toBeWithin(60, 75);
  expect(await total(GIB)).toBeWithin(4096, 4112);
});

test("an abort ends the wait, and a refusal of the mirror is its own", async () => {
  const controller = new AbortController();
  const never = { range: () => Promise.reject(new NoRanges("all of it")) };
  const waiting = untilMirrored(never, GIB, new FakeClock(), controller.signal);
  setTimeout(() => controller.abort(new Error("enough")), 5);
  expect(waiting).rejects.toThrow("enough");
  const refuses = { range: () => Promise.reject(new Error("no such blob")) };
  expect(untilMirrored(refuses, GIB, new FakeClock(), new AbortController().signal)).rejects.toThrow(
    "no such blob",
  );
});
