import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { AppError } from "../../src/lib/errors.ts";
import { withLock } from "../build/lock.ts";
import { mustRun } from "../build/must-run.ts";
import { engineRelease, takeSources } from "../build/sources.ts";
import { type Compiler, findCompiler } from "./compiler.ts";
import {
  COMPILE_FLAGS,
  isBuilt,
  LIBRARY_NAME,
  LINK_FLAGS,
  libraryPath,
  SOURCE_PATHS,
  UNITS,
} from "./library.ts";

export interface BuildOptions {
  /** llamero's folder for its builds. */
  cache: string;
  /** Called with a line for each step that is done. */
  say(line: string): void;
  /** Default: the system's compiler, or one that was fetched earlier. */
  compiler?: Compiler;
}

/**
 * libmtmd, built if it is not: about 25 CPU seconds, once for a release of the engine. Processes that want it at the same time wait
 * for the first of them.
 *
 * @returns its path.
 * @throws AppError `unsupported` where there is no compiler or git, or what these complain of.
 */
export async function ensureLibrary(options: BuildOptions): Promise<string> {
  const { cache, say } = options;
  const path = libraryPath(cache);
  if (isBuilt(cache)) return path;
  const compiler = options.compiler ?? findCompiler(cache);
  if (compiler === undefined) throw new AppError("unsupported", "there is no C++ compiler on the PATH");
  await mkdir(cache, { recursive: true });
  const waits = () => say("another process builds vision: waiting for it");
  await withLock(
    join(cache, "vision.lock"),
    async () => {
      if (isBuilt(cache)) return;
      await removeHalfBuilt(cache);
      await build(path, compiler, say);
    },
    waits,
  );
  return path;
}

/** Removes the folders that killed builds left behind. */
async function removeHalfBuilt(cache: string): Promise<void> {
  const left = (await readdir(cache)).filter((name) => name.startsWith(SCRATCH));
  for (const name of left) await rm(join(cache, name), { recursive: true, force: true });
}

const SCRATCH = ".vision-";

/** Builds in a folder beside the library's, which takes its place when it is complete: whatever ends the build leaves no half library. */
async function build(path: string, compiler: Compiler, say: (line: string) => void): Promise<void> {
  const start = performance.now();
  const folder = dirname(path);
  const scratch = await mkdtemp(join(dirname(folder), SCRATCH));
  try {
    say(
      `building vision (libmtmd of llama.cpp ${engineRelease()}), once for this engine: about 25 seconds of one CPU with ${compiler.command.join(" ")}`,
    );
    await takeUnits(join(scratch, "source"));
    const objects = await compileUnits(scratch, compiler, say);
    await mkdir(join(scratch, "library"));
    const library = join(scratch, "library", LIBRARY_NAME);
    await must([...compiler.command, ...LINK_FLAGS, ...compiler.linkFlags, "-o", library, ...objects]);
    await rm(folder, { recursive: true, force: true });
    await rename(join(scratch, "library"), folder);
    say(`built libmtmd in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Copies the sources that are compiled from node-llama-cpp's bundle into `folder`; all graphs become one unit. */
async function takeUnits(folder: string): Promise<void> {
  await takeSources(folder, SOURCE_PATHS);
  const mtmd = join(folder, "tools/mtmd");
  const graphs = (await readdir(join(mtmd, "models"))).filter((name) => name.endsWith(".cpp")).sort();
  const unit = graphs.map((name) => `#include "models/${name}"\n`).join("");
  await Bun.write(join(mtmd, "models.cpp"), unit);
}

/** A compiler takes up to half a gigabyte. */
const MOST_AT_A_TIME = 4;

async function compileUnits(
  scratch: string,
  { command, compileFlags }: Compiler,
  say: (line: string) => void,
): Promise<string[]> {
  const source = join(scratch, "source");
  const includes = ["tools/mtmd", "include", "ggml/include"].map((name) => `-I${join(source, name)}`);
  const waiting = [...UNITS];
  let done = 0;
  const work = async (): Promise<void> => {
    for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
      const file = join(source, "tools/mtmd", unit);
      const flags = [...COMPILE_FLAGS, ...compileFlags, ...includes];
      await must([...command, ...flags, "-c", file, "-o", objectOf(scratch, unit)]);
      done++;
      say(`compiled ${unit} (${done} of ${UNITS.length})`);
    }
  };
  const workers = Math.min(availableParallelism(), MOST_AT_A_TIME, UNITS.length);
  await Promise.all(Array.from({ length: workers }, work));
  return UNITS.map((unit) => objectOf(scratch, unit));
}

const objectOf = (scratch: string, unit: string): string => join(scratch, `${unit}.o`);

const must = (command: readonly string[]): Promise<void> => mustRun("libmtmd", command);
