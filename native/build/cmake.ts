import type { EngineKind } from "./built.ts";

/** Of llama.cpp only the library: its programs, tests and its own web page are not wanted. */
const LIBRARY_ONLY = [
  "-DCMAKE_BUILD_TYPE=Release",
  "-DBUILD_SHARED_LIBS=ON",
  "-DLLAMA_BUILD_COMMON=OFF",
  "-DLLAMA_BUILD_TESTS=OFF",
  "-DLLAMA_BUILD_TOOLS=OFF",
  "-DLLAMA_BUILD_EXAMPLES=OFF",
  "-DLLAMA_BUILD_SERVER=OFF",
  "-DLLAMA_BUILD_APP=OFF",
];

/**
 * As node-llama-cpp builds its packages: threads of ggml's own, which `thread-governor.ts` knows, and no version in a library's name.
 * The backends are part of libggml, so that one folder is a whole engine.
 */
const LIKE_THE_PACKAGES = [
  "-DGGML_NATIVE=ON",
  "-DGGML_OPENMP=OFF",
  "-DGGML_CCACHE=OFF",
  "-DCMAKE_PLATFORM_NO_VERSIONED_SONAME=ON",
];

/** The libraries find each other in their own folder, wherever it is moved. */
const RELOCATABLE =
  process.platform === "darwin"
    ? ["-DCMAKE_BUILD_WITH_INSTALL_RPATH=ON", "-DCMAKE_INSTALL_RPATH=@loader_path"]
    : ["-DCMAKE_BUILD_RPATH_USE_ORIGIN=ON"];

const FOR_KIND: Record<EngineKind, readonly string[]> = {
  cpu: ["-DGGML_METAL=OFF"],
  metal: ["-DGGML_METAL=ON", "-DGGML_METAL_EMBED_LIBRARY=ON"],
  cuda: ["-DGGML_CUDA=ON"],
  vulkan: ["-DGGML_VULKAN=ON"],
};

export interface Configuration {
  kind: EngineKind;
  source: string;
  target: string;
  /** NVIDIA's compiler, for a cuda build. */
  nvcc?: string | null;
}

/** The command that prepares a build for this processor. */
export function configure({ kind, source, target, nvcc }: Configuration): string[] {
  const compiler = kind === "cuda" && nvcc ? [`-DCMAKE_CUDA_COMPILER=${nvcc}`] : [];
  const options = [...LIBRARY_ONLY, ...LIKE_THE_PACKAGES, ...RELOCATABLE, ...FOR_KIND[kind], ...compiler];
  return ["cmake", "-S", source, "-B", target, ...options];
}

export const compile = (target: string, jobs: number): string[] => [
  "cmake",
  "--build",
  target,
  "--target",
  "llama",
  "--parallel",
  String(jobs),
];

/** How far a line of make's or ninja's says that the build is, in percent: `[ 42%] Building …`, `[12/96] Building …`. */
export function percentOf(line: string): number | undefined {
  const [, percent, step, steps] = /^\[\s*(?:(\d+)%|(\d+)\/(\d+))\]/.exec(line) ?? [];
  if (percent !== undefined) return Number(percent);
  return step === undefined ? undefined : Math.floor((Number(step) / Number(steps)) * 100);
}
