import { expect, test } from "bun:test";
import { hasProxy } from "../../../src/config/shared-variables.ts";

test.each([
  [{}, "https:", false],
  [{ HTTPS_PROXY: "http://proxy:3128" }, "https:", true],
  [{ HTTPS_PROXY: "http://proxy:3128" }, "http:", false],
  [{ http_proxy: "http://proxy:3128" }, "http:", true],
  [{ HTTPS_PROXY: "" }, "https:", false],
])("with %j %s goes through a proxy: %p", (env, protocol, expected) => {
  expect(hasProxy(env, protocol)).toBe(expected);
});
