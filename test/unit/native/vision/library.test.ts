import { describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../../../native/build/lock.ts";
import { engineRelease } from "../../../../native/build/sources.ts";
import { ensureLibrary } from "../../../../native/vision/build.ts";
import { findCompiler } from "../../../../native/vision/compiler.ts";
import { libraryPath } from "../../../../native/vision/library.ts";

const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "llamero-library-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

describe("where libmtmd lies", () => {
  test("another file for every release of the engine, and for this platform", () => {
    const path = libraryPath("/cache");
    expect(path).toStartWith(`/cache/vision-${engineRelease()}-${process.platform}-${process.arch}-`);
    expect(libraryPath("/cache", "v9.9.9")).not.toBe(path);
  });
});

describe("the compiler", () => {
  const at =
    (...names: string[]) =>
    (name: string) =>
      names.includes(name) ? join("/bin", name) : null;
  test("the system's usual one, else another, else Zig's where it has been fetched", () => {
    expect(findCompiler("/cache", at("c++", "g++"))?.command).toEqual(["/bin/c++"]);
    expect(findCompiler("/cache", at("clang++"))?.command).toEqual(["/bin/clang++"]);
    expect(findCompiler("/cache", at("/cache/zig/bin/python"))?.command).toEqual([
      "/bin/cache/zig/bin/python",
      "-m",
      "ziglang",
      "c++",
    ]);
    expect(findCompiler("/cache", at())).toBeUndefined();
  });
});

test("a build that fails says what the compiler complains of, and leaves nothing", async () => {
  await inFolder(async (cache) => {
    const compiler = { command: ["false"], compileFlags: [], linkFlags: [] };
    const lines: string[] = [];
    const building = ensureLibrary({ cache, say: (line) => lines.push(line), compiler });
    await expect(building).rejects.toMatchObject({
      kind: "unsupported",
      message: "libmtmd could not be built: false: exit status 1",
    });
    expect(await readdir(cache)).toEqual([]);
    expect(lines).toEqual([
      `building vision (libmtmd of llama.cpp ${engineRelease()}), once for this engine: about 25 seconds of one CPU with false`,
    ]);
  });
}, 60_000);

describe("the lock", () => {
  test("one after the other", async () => {
    await inFolder(async (folder) => {
      const path = join(folder, "lock");
      const order: string[] = [];
      const work = (name: string) => async () => {
        order.push(`${name} begins`);
        await Bun.sleep(20);
        order.push(`${name} ends`);
      };
      const waits = () => order.push("b waits");
      await Promise.all([withLock(path, work("a")), withLock(path, work("b"), waits)]);
      expect(order.splice(1, 1)).toEqual(["b waits"]);
      expect(order).toEqual(["a begins", "a ends", "b begins", "b ends"]);
      expect(await readdir(folder)).toEqual([]);
    });
  });

  test("of a process that is gone holds nobody up", async () => {
    await inFolder(async (folder) => {
      const path = join(folder, "lock");
      const gone = Bun.spawn(["true"]);
      await gone.exited;
      await Bun.write(path, String(gone.pid));
      let done = false;
      await withLock(path, async () => {
        done = true;
      });
      expect(done).toBe(true);
    });
  });
});
