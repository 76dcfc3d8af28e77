import { expect, test } from "bun:test";
import { cpuVariant } from "../../../../native/runner/engine-facts.ts";

test("the build of the CPU code is read from what is mapped", () => {
  const line = "7f00-7f01 r-xp 00000000 08:01 12 /x/bins/linux-x64/libggml-cpu-sapphirerapids.so\n";
  expect(cpuVariant(`7e00 /lib/libc.so.6\n${line}`)).toBe("sapphirerapids");
  expect(cpuVariant("7e00 /x/libggml-cpu.so\n")).toBe("generic");
  expect(cpuVariant("")).toBe("generic");
});
