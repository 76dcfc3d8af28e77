import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeEngines } from "../../../../native/build/build-engine.ts";
import { builtEngines, engineFolder, writeManifest } from "../../../../native/build/built.ts";
import { findBinary } from "../../../../native/runner/binary.ts";

let cache: string;
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), "llamero-built-"));
});
afterAll(() => rm(cache, { recursive: true }));

test("an engine that was built here goes before the package, unless another kind is asked for", async () => {
  const installed = findBinary("cpu").directory;
  expect(findBinary("cpu", { cache }).directory).toBe(installed);
  const folder = engineFolder(cache, "cpu");
  await mkdir(folder);
  // Not complete yet.
  expect(findBinary("cpu", { cache }).directory).toBe(installed);
  await writeManifest(folder, { release: "v1", kind: "cpu" });
  expect(findBinary("auto", { cache })).toEqual({
    wanted: "auto",
    directory: folder,
    backendDirectories: [folder],
  });
  await mkdir(engineFolder(cache, "cuda"));
  await writeManifest(engineFolder(cache, "cuda"), { release: "v1", kind: "cuda" });
  expect(findBinary("auto", { cache }).directory).toBe(engineFolder(cache, "cuda"));
  expect(findBinary("cpu", { cache }).directory).toBe(folder);
});

test("one of another release of llama.cpp is not taken", async () => {
  const other = engineFolder(cache, "vulkan", "v0.0.1");
  await mkdir(other);
  await writeManifest(other, { release: "v0.0.1", kind: "vulkan" });
  expect(builtEngines(cache).map(({ kind }) => kind)).not.toContain("vulkan");
});

test("what was built here can be removed", async () => {
  const lines: string[] = [];
  await removeEngines(cache, (line) => lines.push(line));
  expect(lines.sort()).toEqual(
    [engineFolder(cache, "cuda"), engineFolder(cache, "cpu")].map((folder) => `removed ${folder}`).sort(),
  );
  expect(builtEngines(cache)).toEqual([]);
  await removeEngines(cache, (line) => lines.push(line));
  expect(lines.at(-1)).toBe("no engine was built here");
});
