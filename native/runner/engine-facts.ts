import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { EngineDevice, EngineFacts } from "../../src/engine/port.ts";
import { readManifest } from "../build/built.ts";
import type { Binary } from "./binary.ts";
import { libraryOf, ptr, type Shim, textAt } from "./shim.ts";

/** `enum ggml_backend_dev_type` */
const KINDS: readonly EngineDevice["kind"][] = ["cpu", "gpu", "gpu", "accelerator"];

/** The build of the engine, and its devices. Call it when the backends are loaded. @param threads that it computes with. */
export function engineFacts(shim: Shim, binary: Binary, threads: number): EngineFacts {
  const devices = Array.from({ length: shim.shim_device_count() }, (_, index) => deviceAt(shim, index));
  return {
    build: buildOf(binary),
    cpu: readManifest(binary.directory) !== undefined ? "native" : cpuVariant(loadedLibraries()),
    threads,
    devices,
  };
}

function deviceAt(shim: Shim, index: number): EngineDevice {
  const memory = new BigUint64Array(2);
  shim.shim_device_memory(index, ptr(memory));
  return {
    name: textAt(shim.shim_device_name(index)),
    description: textAt(shim.shim_device_description(index)),
    kind: KINDS[shim.shim_device_type(index)] ?? "accelerator",
    freeBytes: Number(memory[0] ?? 0n),
    totalBytes: Number(memory[1] ?? 0n),
  };
}

/** e.g. `llama.cpp v0.5.0 (linux-x64 of node-llama-cpp 3.22.1)`, or `llama.cpp v0.5.0 (built here for cpu)` */
function buildOf({ directory }: Binary): string {
  const built = readManifest(directory);
  if (built !== undefined) return `llama.cpp ${built.release} (built here for ${built.kind})`;
  const version = /\.(v[\d.]+?)\.(?:so|dylib)$/.exec(libraryOf(directory))?.[1] ?? "of an unknown version";
  return `llama.cpp ${version} (${basename(directory)}${packageOf(directory)})`;
}

/** The package lies two folders up: `@node-llama-cpp/linux-x64/bins/linux-x64`. */
function packageOf(directory: string): string {
  const text = readText(join(dirname(dirname(directory)), "package.json"));
  const version = /"version":\s*"([^"]+)"/.exec(text)?.[1];
  return version === undefined ? "" : ` of node-llama-cpp ${version}`;
}

/**
 * Which build of ggml's CPU code was taken for this machine, e.g. `icelake`; "generic" where there is one build only.
 * @param libraries the mapped files of the process, in the form of Linux's /proc/self/maps.
 */
export function cpuVariant(libraries: string): string {
  return /libggml-cpu-([\w.-]+?)\.so/.exec(libraries)?.[1] ?? "generic";
}

/** Linux's list of mapped files; other systems have one CPU build, and no list. */
const loadedLibraries = (): string => readText("/proc/self/maps");

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Without it there is less to tell, and nothing that cannot be done.
    return "";
  }
}
