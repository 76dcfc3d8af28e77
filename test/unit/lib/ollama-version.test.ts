import { expect, test } from "bun:test";
import { asksForLater, OLLAMA_VERSION } from "../../../src/lib/ollama-version.ts";

test("editors find the version that they want", () => {
  expect(OLLAMA_VERSION).toMatch(/^\d+\.\d+\.\d+$/);
  expect(Bun.semver.order(OLLAMA_VERSION, "0.13.4")).toBe(1);
});

test.each([
  [undefined, false],
  ["", false],
  ["soon", false],
  [OLLAMA_VERSION, false],
  ["0.9.0", false],
  ["v0.11", false],
  ["0.40.13", true],
  ["0.41", true],
  ["v1", true],
  ["1.0.0-rc1", true],
])("%p asks for a later one: %p", (requires, later) => {
  expect(asksForLater(requires)).toBe(later);
});
