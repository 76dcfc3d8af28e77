import { existsSync } from "node:fs";
import { cp, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { megabytes } from "./support/disk-space.ts";
import { baseVariant, gpuVariants, SUPPORTED_PLATFORMS, type Variant } from "./support/engine-variants.ts";
import { Failure, runScript } from "./support/failure.ts";
import { fetchPackage, installedVersion, NotPublished } from "./support/fetch-package.ts";
import { NODE_MODULES } from "./support/paths.ts";

/**
 * Fetches the build of llama.cpp for this machine. package.json keeps all of them out of `bun install`, since together they
 * have 733 MB and a machine uses one or two.
 *
 *   bun scripts/engine-binaries.ts           the CPU build (Metal on a Mac); runs after every install
 *   bun scripts/engine-binaries.ts cuda      the build for that kind of GPU besides: cuda or vulkan
 */
const PLATFORM = `${process.platform}-${process.arch}`;

async function main(): Promise<void> {
  const [kind] = process.argv.slice(2);
  const base = baseVariant(PLATFORM);
  if (base === undefined) {
    throw new Failure(
      `there is no llama.cpp build for ${PLATFORM}; llamero runs on ${SUPPORTED_PLATFORMS.join(", ")}`,
    );
  }
  const version = await installedVersion("node-llama-cpp");
  if (version === undefined) throw new Failure('node-llama-cpp is not installed; run "bun install" first');
  const fetched = await ensureOrBuild(base, version);
  if (kind !== undefined) return await addGpu(kind, version);
  if (fetched) suggestGpu();
}

/**
 * The packages of node-llama-cpp for macOS are published later than those for Linux, if at all; an older one has another ABI. What is
 * missing is built from the sources that node-llama-cpp brings itself.
 *
 * @returns whether it had to be fetched or built.
 */
async function ensureOrBuild(variant: Variant, version: string): Promise<boolean> {
  try {
    return await ensure(variant, version);
  } catch (error) {
    if (!(error instanceof NotPublished)) throw error;
    console.log(`${error.message}; building it from the sources that came with node-llama-cpp`);
    await buildPackage(variant, version);
    return true;
  }
}

/** Puts an engine that is built here where its package would be; a second installation finds the build of the first. */
async function buildPackage({ name }: Variant, version: string): Promise<void> {
  // Only here, since building takes more of the program than there is when a container's layers are made.
  const { buildEngineHere, engineCache } = await import("../src/build-engine.ts");
  const cache = engineCache({ homeDir: join(homedir(), ".llamero") });
  const engine = await buildEngineHere(cache, undefined, process.env, (line) => console.log(line));
  const folder = join(NODE_MODULES, "@node-llama-cpp", name);
  await rm(folder, { recursive: true, force: true });
  await cp(engine, join(folder, "bins", name), { recursive: true });
  await Bun.write(join(folder, "package.json"), JSON.stringify({ name: `@node-llama-cpp/${name}`, version }));
}

/** @returns whether it had to be fetched. */
async function ensure({ name, bytes }: Variant, version: string): Promise<boolean> {
  const packageName = `@node-llama-cpp/${name}`;
  if ((await installedVersion(packageName)) === version) return false;
  const start = performance.now();
  console.log(`fetching ${packageName}@${version}, about ${megabytes(bytes)}`);
  await fetchPackage(packageName, version, bytes);
  console.log(`fetched ${packageName} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return true;
}

async function addGpu(kind: string, version: string): Promise<void> {
  const variants = gpuVariants(PLATFORM, kind);
  if (variants === undefined) {
    throw new Failure(
      `there is no ${JSON.stringify(kind)} build for ${PLATFORM}; use cuda or vulkan on linux-x64`,
    );
  }
  for (const variant of variants) {
    const fetched = await ensure(variant, version);
    if (!fetched) console.log(`@node-llama-cpp/${variant.name}@${version} is installed`);
  }
}

function suggestGpu(): void {
  const kind = hasNvidia() ? "cuda" : hasVulkan() ? "vulkan" : undefined;
  const variants = kind === undefined ? undefined : gpuVariants(PLATFORM, kind);
  if (kind === undefined || variants === undefined) return;
  const bytes = variants.reduce((sum, variant) => sum + variant.bytes, 0);
  const found = kind === "cuda" ? "an NVIDIA GPU" : "a Vulkan driver";
  console.log(
    `this machine has ${found}: "npx -y bun@${Bun.version} run gpu ${kind}" fetches the build that uses it (${megabytes(bytes)})`,
  );
}

function hasNvidia(): boolean {
  return existsSync("/proc/driver/nvidia") || Bun.which("nvidia-smi") !== null;
}

function hasVulkan(): boolean {
  return ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"].some((folder) =>
    existsSync(`${folder}/libvulkan.so.1`),
  );
}

await runScript(main);
