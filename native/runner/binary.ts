import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "../../src/lib/errors.ts";

const LIBRARIES = ["auto", "cpu", "cuda", "vulkan", "metal"] as const;

export type Library = (typeof LIBRARIES)[number];

/** The library that a process of ours was told to use on its command line; `auto` without one. */
export function libraryFrom(argument: string | undefined): Library {
  return LIBRARIES.find((library) => library === argument) ?? "auto";
}

/** Where llama.cpp's libraries are: the one to link, and every folder whose backends ggml may load. */
export interface Binary {
  /** The kind that was asked for. */
  wanted: Library;
  directory: string;
  backendDirectories: string[];
}

/** Packages of node-llama-cpp in order of preference; the first one that is installed is used. */
const VARIANTS: Record<string, readonly [Exclude<Library, "auto">, string][]> = {
  "linux-x64": [
    ["cuda", "linux-x64-cuda"],
    ["vulkan", "linux-x64-vulkan"],
    ["cpu", "linux-x64"],
  ],
  "linux-arm64": [["cpu", "linux-arm64"]],
  "darwin-arm64": [["metal", "mac-arm64-metal"]],
  "darwin-x64": [["cpu", "mac-x64"]],
};

/**
 * Chooses the engine binary: the GPU builds first, since they are only there when somebody asked for them (`bun run gpu`).
 * A GPU folder has no CPU backends of its own, so the CPU folder is loaded beside it.
 * @throws AppError `engine` when none fits, saying how to get it.
 */
export function findBinary(wanted: Library, modules: string = nearestModules(import.meta.dir)): Binary {
  const platform = `${process.platform}-${process.arch}`;
  const variants = VARIANTS[platform];
  if (variants === undefined) throw new AppError("engine", `there is no llama.cpp build for ${platform}`);
  const installed = variants
    .map(([kind, name]) => ({ kind, directory: join(modules, "@node-llama-cpp", name, "bins", name) }))
    .filter(({ directory }) => existsSync(directory));
  const chosen = installed.find(({ kind }) => wanted === "auto" || kind === wanted);
  if (chosen === undefined) {
    const command = wanted === "cuda" || wanted === "vulkan" ? `bun run gpu ${wanted}` : "bun install";
    throw new AppError("engine", `the llama.cpp build "${wanted}" is not installed; get it with: ${command}`);
  }
  const rest = installed.filter(({ kind, directory }) => kind === "cpu" && directory !== chosen.directory);
  return {
    wanted,
    directory: chosen.directory,
    backendDirectories: [chosen, ...rest].map(({ directory }) => directory),
  };
}

/** The node_modules that the engine is in: the nearest one above `from`. */
export function nearestModules(from: string): string {
  const modules = join(from, "node_modules");
  const parent = dirname(from);
  return parent === from || existsSync(join(modules, "@node-llama-cpp")) ? modules : nearestModules(parent);
}
