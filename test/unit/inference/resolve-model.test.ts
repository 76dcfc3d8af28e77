import { expect, test } from "bun:test";
import { NOT_FOUND, resolveModel } from "../../../src/inference/resolve-model.ts";
import { FakeCatalog, fakeModel } from "../../support/fake-catalog.ts";

const catalog = new FakeCatalog(fakeModel("Test"), fakeModel("me/other:v1"));

test.each([
  ["test", "Test:latest"],
  [" test ", "Test:latest"],
  ["test:local", "Test:latest"],
  ["registry.ollama.ai/me/OTHER:v1", "me/other:v1"],
])("%j is %s", (text, name) => {
  expect(resolveModel(text, catalog).shortName).toBe(name);
});

test.each([
  ["", 404, "model '' not found"],
  ["a b", 400, "invalid model name"],
  ["../x", 400, "invalid model name"],
  ["nope", 404, "model 'nope' not found"],
  [
    "test:cloud",
    403,
    'ollama cloud is disabled: remote model is unavailable ("test:cloud" is a cloud model: it runs on ollama.com only)',
  ],
  [
    "test:v1-cloud",
    403,
    'ollama cloud is disabled: remote model is unavailable ("test:v1-cloud" is a cloud model: it runs on ollama.com only)',
  ],
  ["test:cloud:local", 400, 'use either :local or :cloud, not both: "test:cloud:local"'],
])("%j: %i %s", (text, status, message) => {
  expect(() => resolveModel(text, catalog)).toThrow(expect.objectContaining({ status, message }));
});

test("endpoints may word a missing model differently", () => {
  expect(() => resolveModel("nope", catalog, NOT_FOUND.pullFirst)).toThrow(
    'model "nope" not found, try pulling it first',
  );
});
