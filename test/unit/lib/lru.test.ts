import { expect, test } from "bun:test";
import { Lru } from "../../../src/lib/lru.ts";

test("keeps the most recently used", () => {
  const lru = new Lru<string, { name: string }>(2);
  const made: string[] = [];
  const take = (name: string) =>
    lru.take(name, () => {
      made.push(name);
      return { name };
    });
  for (const name of ["a", "b", "a", "c", "a", "b"]) expect(take(name)).toEqual({ name });
  expect(made).toEqual(["a", "b", "c", "b"]);
  expect(lru.size).toBe(2);
});

test("a failure is not remembered", () => {
  const lru = new Lru<string, object>(2);
  expect(() =>
    lru.take("a", () => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(lru.size).toBe(0);
});

test("nor is that there is nothing", () => {
  const lru = new Lru<string, object>(2);
  expect(lru.take("a", () => undefined)).toBeUndefined();
  expect(lru.take("a", () => ({ name: "a" }))).toEqual({ name: "a" });
});
