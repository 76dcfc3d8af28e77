import { readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { digestOfHex, hexOf } from "../lib/digest.ts";
import type { LoadSpec, PromptFiles } from "./port.ts";
import type { CacheSettings, RunnerLoad } from "./protocol.ts";

const MOST_AUTOMATIC = 8 * 2 ** 30;
const SHARE_OF_FREE = 4;
const DIGEST = /^[0-9a-f]{64}$/;

/** Memory and disk that prompts outside of slots may take, of all models together. */
export interface CacheLimits {
  /** Bytes of memory; 0: none. */
  memoryBytes: number;
  /** Bytes of disk; 0: none. */
  diskBytes: number;
  /** Folder of the files. */
  root: string;
}

/** Where the files of a store's prompts lie. */
export const promptCacheRoot = (modelsDir: string): string => join(modelsDir, "prompt-cache");

/** Bytes of memory for prompts where no setting says how much. @param free bytes of memory that programs could have. */
export const automaticMemory = (free: number): number =>
  Math.min(MOST_AUTOMATIC, Math.floor(free / SHARE_OF_FREE));

/** Bytes of memory that each of so many runners may take. */
export const shareOf = ({ memoryBytes }: CacheLimits, runners: number): number =>
  Math.floor(memoryBytes / Math.max(1, runners));

/**
 * Where one runner may keep prompts; undefined for a model that evaluates none.
 * @param runners how many share the memory.
 */
export function cacheSettings(
  spec: LoadSpec,
  load: Omit<RunnerLoad, "type">,
  limits: CacheLimits,
  runners: number,
): CacheSettings | undefined {
  const { diskBytes, root } = limits;
  const memoryBytes = shareOf(limits, runners);
  if (load.embeddingOnly || memoryBytes + diskBytes === 0) return undefined;
  const weights = hexOf(spec.weightsDigest);
  return {
    memoryBytes,
    ...(diskBytes > 0 && { disk: { root, bytes: diskBytes, weights, key: stateKey(load) } }),
  };
}

/**
 * The load options that change what a saved state means. The batch size and the threads change its last bits at most. What the context
 * length changes depends on the model, so the runner decides about that.
 */
function stateKey(load: Omit<RunnerLoad, "type">): string {
  const { parallel, gpuLayers, flashAttention, kvCacheType, projectorPath = "" } = load;
  // Blobs are named by their digest.
  const files = [load.modelPath, projectorPath, ...load.adapterPaths].map((path) => basename(path));
  return JSON.stringify({ files, parallel, gpuLayers, flashAttention, kvCacheType });
}

/** The files of a store's prompts. @param root their folder, which need not be there. */
export function createPromptFiles(root: string): PromptFiles {
  const list = async () => {
    const names = await readdir(root).catch(() => []);
    const weights = names.filter((name) => DIGEST.test(name));
    return Promise.all(
      weights.map(async (hex) => ({ weights: digestOfHex(hex), bytes: await folderBytes(join(root, hex)) })),
    );
  };
  const clear = async () => {
    for (const { weights } of await list()) {
      await rm(join(root, hexOf(weights)), { recursive: true, force: true });
    }
  };
  return { list, clear };
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = names.map(async (name) => (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
