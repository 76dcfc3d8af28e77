import { expect, test } from "bun:test";
import { saltOf } from "../../../src/engine/salt.ts";

test("the server's own machine shares one cache, whatever its address is called", () => {
  for (const caller of [undefined, "", "127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"]) {
    expect(saltOf(caller)).toBe("");
  }
});

test("every other caller has a cache of its own, always the same, whose name does not tell who it is", () => {
  const callers = ["192.168.1.5", "192.168.1.50", "::ffff:10.0.0.1", "key 1", "key 2"];
  const salts = callers.map(saltOf);
  expect(new Set(salts).size).toBe(callers.length);
  expect(callers.map(saltOf)).toEqual(salts);
  for (const salt of salts) expect(salt).toMatch(/^[0-9a-f]{32}$/);
});
