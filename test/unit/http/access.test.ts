import { expect, test } from "bun:test";
import { accessOf } from "../../../src/http/access.ts";
import { everyRoute } from "../../support/fake-app.ts";

test("it is written down of every route what it gives access to (src/http/access.ts)", () => {
  const missing = everyRoute()
    .filter(({ method, path }) => accessOf(method, path) === undefined)
    .map(({ method, path }) => `${method} ${path}`);
  expect(missing).toEqual([]);
});

test("HEAD is what GET is, and a route that nobody has thought about is nothing", () => {
  expect(accessOf("HEAD", "/api/tags")).toBe("read");
  expect(accessOf("POST", "/api/tags")).toBeUndefined();
});
