import { expect, test } from "bun:test";
import { endsWithin } from "../../../src/lib/within.ts";
import { FakeClock } from "../../support/fake-clock.ts";

test("true when the work ends first, well or not; the timer is called off", async () => {
  const clock = new FakeClock();
  expect(await endsWithin(clock, 10, Promise.resolve())).toBe(true);
  expect(await endsWithin(clock, 10, Promise.reject(new Error("no")))).toBe(true);
  expect(clock.pending).toEqual([]);
});

test("false when the time is up first", async () => {
  const clock = new FakeClock();
  const result = endsWithin(clock, 10, new Promise(() => {}));
  clock.advance(9);
  expect(clock.pending).toEqual([1]);
  clock.advance(1);
  expect(await result).toBe(false);
});
