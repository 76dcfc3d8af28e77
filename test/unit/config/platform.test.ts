import { expect, test } from "bun:test";
import { checkPlatform } from "../../../src/config/platform.ts";

test.each(["linux", "darwin", "freebsd"])("a server may run on %s", (platform) => checkPlatform(platform));

test("on Windows it is refused, with what to do", () => {
  expect(() => checkPlatform("win32")).toThrow(/WSL2: install that with `wsl --install`/);
});
