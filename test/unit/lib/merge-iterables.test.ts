import { expect, test } from "bun:test";
import { mergeIterables } from "../../../src/lib/merge-iterables.ts";

const nothing = () => {};

async function* from(...values: number[]): AsyncGenerator<number, void, undefined> {
  yield* values;
}

test("every value of every source, each source in its order", async () => {
  const merged = await Array.fromAsync(mergeIterables([from(1, 2, 3), from(10, 20), from()], nothing));
  expect(merged.filter((value) => value < 10)).toEqual([1, 2, 3]);
  expect(merged.filter((value) => value >= 10)).toEqual([10, 20]);
  expect(merged.indexOf(10)).toBeLessThan(merged.indexOf(3));
});

test("a slow source does not hold up a fast one", async () => {
  const gate = Promise.withResolvers<void>();
  async function* slow(): AsyncGenerator<number, void, undefined> {
    await gate.promise;
    yield 99;
  }
  const seen: number[] = [];
  for await (const value of mergeIterables([slow(), from(1, 2)], nothing)) {
    seen.push(value);
    if (value === 2) gate.resolve();
  }
  expect(seen).toEqual([1, 2, 99]);
});

test("a failure calls the others off, and is thrown", async () => {
  const abort = new AbortController();
  let released = false;
  async function* hangs(): AsyncGenerator<number, void, undefined> {
    try {
      await new Promise((_, reject) =>
        abort.signal.addEventListener("abort", () => reject(new Error("off"))),
      );
    } finally {
      released = true;
    }
  }
  async function* fails(): AsyncGenerator<number, void, undefined> {
    yield 1;
    throw new Error("broken");
  }
  const merged = Array.fromAsync(mergeIterables([hangs(), fails()], () => abort.abort()));
  expect(await merged.catch((error: unknown) => error)).toMatchObject({ message: "broken" });
  expect(released).toBe(true);
});

test("a consumer that leaves ends all sources", async () => {
  let ended = 0;
  async function* endless(): AsyncGenerator<number, void, undefined> {
    try {
      for (;;) yield 1;
    } finally {
      ended++;
    }
  }
  for await (const _ of mergeIterables([endless(), endless()], nothing)) break;
  expect(ended).toBe(2);
});
