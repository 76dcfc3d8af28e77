import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { engineRelease } from "./sources.ts";

/** The kinds of engine, by the device that they use besides the CPU, the best first. */
export const ENGINE_KINDS = ["cuda", "vulkan", "metal", "cpu"] as const;
export type EngineKind = (typeof ENGINE_KINDS)[number];

/** Describes the build in its folder; written last, so a folder with it is complete. */
const MANIFEST = "build.json";

interface Manifest {
  /** Of llama.cpp. */
  release: string;
  kind: EngineKind;
}

/** Marks a folder as a complete engine. */
export async function writeManifest(directory: string, manifest: Manifest): Promise<void> {
  await Bun.write(join(directory, MANIFEST), JSON.stringify(manifest));
}

/** The manifest of the build in a folder; undefined where the folder has none. */
export function readManifest(directory: string): Manifest | undefined {
  const file = join(directory, MANIFEST);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Manifest) : undefined;
}

/** An engine that was built on this machine. */
export interface BuiltEngine {
  kind: EngineKind;
  /** Folder with its libraries. */
  directory: string;
}

/** This processor's features, or its name. A build for a processor with other features would end with "illegal instruction". */
function processor(): string {
  const list = existsSync("/proc/cpuinfo") ? readFileSync("/proc/cpuinfo", "utf8") : "";
  return /^(?:flags|Features)\s*:.*$/m.exec(list)?.[0] ?? cpus()[0]?.model ?? "";
}

/**
 * The folder of a build, existing or not: another one for every release of llama.cpp, every platform and every processor, since a home
 * directory may serve several machines.
 *
 * @param cache llamero's folder for its builds.
 */
export function engineFolder(cache: string, kind: EngineKind, release: string = engineRelease()): string {
  const machine = Bun.hash(processor()).toString(16).slice(0, 8);
  return join(cache, `llama-${release}-${process.platform}-${process.arch}-${kind}-${machine}`);
}

/** The engines that were built here, the best first. @param cache "" for none. */
export function builtEngines(cache: string): BuiltEngine[] {
  if (!existsSync(cache)) return [];
  return ENGINE_KINDS.map((kind) => ({ kind, directory: engineFolder(cache, kind) })).filter(
    ({ directory }) => readManifest(directory) !== undefined,
  );
}
