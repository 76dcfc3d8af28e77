import { existsSync } from "node:fs";
import { join } from "node:path";
import { engineRelease } from "../build/sources.ts";

/** llama.cpp's own sources of libmtmd: what is compiled, each a unit; all graphs are one unit, which takes a third of the time. */
export const UNITS = ["clip.cpp", "mtmd.cpp", "mtmd-audio.cpp", "mtmd-image.cpp", "models.cpp"] as const;

/** Folders of the sources that the units need. */
export const SOURCE_PATHS = ["tools/mtmd", "include", "ggml/include"] as const;

/**
 * C++17 for the calling convention of node-llama-cpp's libraries. LLAMA_SHARED makes the functions of mtmd.h visible, and nothing else
 * is. Warnings in sources that are not ours would help nobody.
 */
export const COMPILE_FLAGS = [
  "-std=c++17",
  "-O2",
  "-fPIC",
  "-DNDEBUG",
  "-DLLAMA_SHARED",
  "-DLLAMA_BUILD",
  "-DGGML_SHARED",
  "-DGGML_BACKEND_SHARED",
  "-D_GNU_SOURCE",
  "-fvisibility=hidden",
  "-ffunction-sections",
  "-fdata-sections",
  "-w",
] as const;

/**
 * No library is named: what libmtmd needs of llama.cpp is found in whichever build the process has loaded, so that one file serves the
 * builds for CPU, CUDA and Vulkan. A name of one of them would bring in a second llama.cpp beside the others.
 */
export const LINK_FLAGS =
  process.platform === "darwin"
    ? ["-dynamiclib", "-undefined", "dynamic_lookup", "-Wl,-dead_strip"]
    : ["-shared", "-s", "-Wl,--gc-sections", "-Wl,-soname,libmtmd.so"];

/** The file's name as the linker of the shim is told it. */
export const LIBRARY_NAME = process.platform === "darwin" ? "libmtmd.dylib" : "libmtmd.so";

/**
 * The path of libmtmd, built or not: another file for every release of the engine (its structs are no stable interface), every platform and
 * every change of the flags.
 *
 * @param cache llamero's folder for its builds.
 */
export function libraryPath(cache: string, release: string = engineRelease()): string {
  const flags = Bun.hash([...UNITS, ...COMPILE_FLAGS, ...LINK_FLAGS].join("\n")).toString(16);
  return join(cache, `vision-${release}-${process.platform}-${process.arch}-${flags}`, LIBRARY_NAME);
}

/** Is libmtmd built for this engine? */
export const isBuilt = (cache: string): boolean => existsSync(libraryPath(cache));
