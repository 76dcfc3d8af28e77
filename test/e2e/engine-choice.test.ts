/** Which engine is opened: the real one, in folders arranged as the packages of node-llama-cpp are. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBinary } from "../../native/runner/binary.ts";

let modules: string;
beforeAll(async () => {
  modules = await mkdtemp(join(tmpdir(), "llamero-engine-"));
  // The CPU's build under the name of the CUDA one: a build for GPUs that finds none.
  await arrange("linux-x64-cuda");
  await arrange("linux-x64");
});
afterAll(() => rm(modules, { recursive: true, force: true }));

async function arrange(name: string): Promise<void> {
  const bins = join(modules, "@node-llama-cpp", name, "bins");
  await mkdir(bins, { recursive: true });
  await symlink(findBinary("cpu").directory, join(bins, name));
}

async function open(library: string): Promise<string> {
  const program = join(import.meta.dir, "../support/open-engine-child.ts");
  const child = Bun.spawn([process.execPath, program, library, modules], {
    stdout: "pipe",
    stderr: "ignore",
  });
  return (await child.stdout.text()).trim();
}

test.if(process.platform === "linux" && process.arch === "x64")(
  "a library for GPUs that finds none is an error; auto and cpu compute on the CPU",
  async () => {
    const told = await open("cuda");
    expect(told).toContain("OLLAMA_LLM_LIBRARY=cuda, but llama.cpp finds no device that it can use with it");
    expect(await open("auto")).toMatch(/^devices [1-9]/);
    expect(await open("cpu")).toMatch(/^devices [1-9]/);
  },
  60_000,
);

test.if(process.platform === "linux" && process.arch === "x64")(
  "a library that is not installed says how to get it",
  async () => {
    expect(await open("vulkan")).toContain("get it with: bun run gpu vulkan");
  },
  60_000,
);
