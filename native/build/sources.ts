import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../src/lib/errors.ts";
import { nearestModules } from "./modules.ts";
import { mustRun } from "./must-run.ts";

const LLAMA = "node-llama-cpp/llama";

/** The release of llama.cpp that node-llama-cpp brings, e.g. `v0.5.0`. */
export function engineRelease(modules: string = nearestModules(import.meta.dir)): string {
  const { release } = JSON.parse(
    readFileSync(join(modules, LLAMA, "binariesGithubRelease.json"), "utf8"),
  ) as {
    release: string;
  };
  return release;
}

/** The sources of llama.cpp, as node-llama-cpp brings them. */
interface Sources {
  /** A git bundle with the sources of {@link engineRelease}. */
  bundle: string;
  /** A folder with changes to them, in git's form, that node-llama-cpp's own builds have. */
  patches: string;
}

const engineSources = (modules: string = nearestModules(import.meta.dir)): Sources => ({
  bundle: join(modules, LLAMA, "gitRelease.bundle"),
  patches: join(modules, LLAMA, "patches"),
});

/**
 * Puts llama.cpp's sources into `folder`, which does not exist yet.
 *
 * @param paths what of them; default: all.
 * @throws AppError `unsupported` without git, or with what it complains of.
 */
export async function takeSources(folder: string, paths: readonly string[] = ["."]): Promise<void> {
  if (Bun.which("git") === null)
    throw new AppError("unsupported", "building takes git, which opens the engine's sources");
  const repository = `${folder}.git`;
  await mustRun("the sources", ["git", "clone", "--quiet", "--bare", engineSources().bundle, repository]);
  await mkdir(folder);
  const checkout = [
    "git",
    `--git-dir=${repository}`,
    `--work-tree=${folder}`,
    "checkout",
    "HEAD",
    "--",
    ...paths,
  ];
  await mustRun("the sources", checkout);
}

/** Changes the sources in `folder` as node-llama-cpp does before it builds. */
export async function applyPatches(folder: string): Promise<void> {
  const { patches } = engineSources();
  const names = await Array.fromAsync(new Bun.Glob("*.diff").scan({ cwd: patches }));
  for (const name of names.sort())
    await mustRun("the sources", ["git", "apply", join(patches, name)], { cwd: folder });
}
