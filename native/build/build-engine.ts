import { cp, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { freemem } from "node:os";
import { join } from "node:path";
import { usableCores } from "../runner/cores.ts";
import { builtEngines, type EngineKind, engineFolder, writeManifest } from "./built.ts";
import { compile, configure, percentOf } from "./cmake.ts";
import { withLock } from "./lock.ts";
import { mustRun } from "./must-run.ts";
import { patchSources } from "./patch-sources.ts";
import { applyPatches, engineRelease, takeSources } from "./sources.ts";
import { findNvcc, requireTools } from "./tools.ts";

export interface EngineBuild {
  /** llamero's folder for what it has built. */
  cache: string;
  kind: EngineKind;
  /** Called with a line for each step that is done. */
  say(line: string): void;
  /** Has the engine compute in a process of its own. @throws AppError when it cannot be opened, or computes wrongly. */
  tryOut(): Promise<void>;
}

const SCRATCH = ".llama-";
/** A compiler's largest unit takes about this much memory, in bytes. */
const MEMORY_PER_JOB = 2 ** 30;
/** The progress of the build is reported every so many percent. */
const STEP = 10;

/** The kind that is built when the user names none: for Apple's own processors the one with their GPU. */
export const DEFAULT_KIND: EngineKind =
  process.platform === "darwin" && process.arch === "arm64" ? "metal" : "cpu";

/**
 * The release of llama.cpp that llamero is made for, built for this machine's processor from the sources that node-llama-cpp brings: minutes
 * to an hour of CPU time, once. Processes that want the same wait for the first of them.
 *
 * @returns the folder with its libraries.
 * @throws AppError `unsupported` naming missing tools, or with what these complain of; `engine` when what was built does not run.
 */
export async function buildEngine(options: EngineBuild): Promise<string> {
  const { cache, kind, say } = options;
  const folder = engineFolder(cache, kind);
  const isBuilt = (): boolean => builtEngines(cache).some((engine) => engine.kind === kind);
  if (!isBuilt()) {
    requireTools(kind);
    await mkdir(cache, { recursive: true });
    await withLock(join(cache, "engine.lock"), async () => {
      if (isBuilt()) return;
      await removeHalfBuilt(cache);
      await build(options, folder);
    });
  }
  say(`the engine is in ${folder}`);
  return folder;
}

/** Removes the engines that were built here, so that the installed ones serve again. */
export async function removeEngines(cache: string, say: (line: string) => void): Promise<void> {
  const engines = builtEngines(cache);
  for (const { directory } of engines) {
    await rm(directory, { recursive: true });
    say(`removed ${directory}`);
  }
  if (engines.length === 0) say("no engine was built here");
}

/** Removes the folders that killed builds left behind. */
async function removeHalfBuilt(cache: string): Promise<void> {
  const left = (await readdir(cache)).filter((name) => name.startsWith(SCRATCH));
  for (const name of left) await rm(join(cache, name), { recursive: true, force: true });
}

/** Builds in a folder beside the engine's, which takes its place when it is complete. */
async function build({ cache, kind, say, tryOut }: EngineBuild, folder: string): Promise<void> {
  const start = performance.now();
  const scratch = await mkdtemp(join(cache, SCRATCH));
  try {
    say(`unpacking llama.cpp ${engineRelease()}`);
    const [source, target, libraries] = ["source", "build", "libraries"].map((name) =>
      join(scratch, name),
    ) as [string, string, string];
    await takeSources(source);
    await applyPatches(source);
    await patchSources(source);
    await compileLibraries({ kind, source, target, say });
    await collect(join(target, "bin"), libraries);
    await writeManifest(libraries, { release: engineRelease(), kind });
    await rm(folder, { recursive: true, force: true });
    await rename(libraries, folder);
    await keepIfGood(folder, tryOut);
    say(`built in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Compilation {
  kind: EngineKind;
  source: string;
  target: string;
  say(line: string): void;
}

async function compileLibraries({ kind, source, target, say }: Compilation): Promise<void> {
  const jobs = Math.max(1, Math.min(usableCores(), Math.floor(freemem() / MEMORY_PER_JOB)));
  say(`building it for ${kind} with ${jobs} at a time; this takes minutes, and hours for cuda on few cores`);
  await mustRun("the engine", configure({ kind, source, target, nvcc: findNvcc() }));
  let reported = 0;
  await mustRun("the engine", compile(target, jobs), {
    onLine(line) {
      const percent = percentOf(line) ?? 0;
      if (percent < reported + STEP) return;
      reported = percent - (percent % STEP);
      say(`${reported} %`);
    },
  });
}

/** The libraries without what links to them by other names. */
async function collect(from: string, to: string): Promise<void> {
  await mkdir(to);
  const names = (await readdir(from)).filter((name) => /^lib(llama|ggml)[\w-]*\.(so|dylib)$/.test(name));
  for (const name of names) await cp(join(from, name), join(to, name), { dereference: true });
}

/** Tries the engine out, and removes it when it does not compute. */
async function keepIfGood(folder: string, tryOut: () => Promise<void>): Promise<void> {
  try {
    await tryOut();
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
