import { existsSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../src/lib/errors.ts";
import { builtEngines, ENGINE_KINDS, type EngineKind } from "../build/built.ts";
import { nearestModules } from "../build/modules.ts";

export type Library = "auto" | EngineKind;

/** The library that a process of ours was told to use on its command line; `auto` without one. */
export function libraryFrom(argument: string | undefined): Library {
  return ENGINE_KINDS.find((library) => library === argument) ?? "auto";
}

/** Where llama.cpp's libraries are: the one to link, and every folder whose backends ggml may load. */
export interface Binary {
  /** The library that the command line asks for. */
  wanted: Library;
  directory: string;
  backendDirectories: string[];
}

/** Packages of node-llama-cpp in order of preference; the first one that is installed is used. */
const VARIANTS: Record<string, readonly [EngineKind, string][]> = {
  "linux-x64": [
    ["cuda", "linux-x64-cuda"],
    ["vulkan", "linux-x64-vulkan"],
    ["cpu", "linux-x64"],
  ],
  "linux-arm64": [["cpu", "linux-arm64"]],
  "darwin-arm64": [["metal", "mac-arm64-metal"]],
  "darwin-x64": [["cpu", "mac-x64"]],
};

interface Places {
  /** llamero's folder for its builds; default: there is none. */
  cache?: string | undefined;
  /** The node_modules with the packages. */
  modules?: string | undefined;
}

/**
 * Chooses the engine: one for a GPU first, since it is only there when somebody asked for it, and of one kind the one that was built for
 * this machine.
 *
 * @throws AppError `engine` when none fits, saying how to get it.
 */
export function findBinary(
  wanted: Library,
  { cache = "", modules = nearestModules(import.meta.dir) }: Places = {},
): Binary {
  const platform = `${process.platform}-${process.arch}`;
  const built = builtEngines(cache);
  const installed = (VARIANTS[platform] ?? [])
    .map(([kind, name]) => ({ kind, directory: join(modules, "@node-llama-cpp", name, "bins", name) }))
    .filter(({ directory }) => existsSync(directory));
  const kinds = wanted === "auto" ? ENGINE_KINDS : [wanted];
  const chosen = kinds.flatMap((kind) => [...built, ...installed].filter((each) => each.kind === kind))[0];
  if (chosen === undefined) {
    throw new AppError(
      "engine",
      `the llama.cpp build "${wanted}" is not installed; get it with: ${howToGet(wanted, platform)}`,
    );
  }
  // A package for a GPU has no CPU backends, so the CPU's package is loaded beside it; a build of this machine has both.
  const isBuilt = built.some(({ directory }) => directory === chosen.directory);
  const beside = isBuilt
    ? []
    : installed.filter(({ kind, directory }) => kind === "cpu" && directory !== chosen.directory);
  return {
    wanted,
    directory: chosen.directory,
    backendDirectories: [chosen, ...beside].map(({ directory }) => directory),
  };
}

function howToGet(wanted: Library, platform: string): string {
  const packages = VARIANTS[platform] ?? [];
  if (wanted === "auto" || wanted === "cpu")
    return packages.length > 0 ? "bun install" : "llamero engine build";
  if (!packages.some(([kind]) => kind === wanted)) return `llamero engine build ${wanted}`;
  return wanted === "metal" ? "bun install" : `bun run gpu ${wanted}`;
}
