import { basename, join } from "node:path";
import type { CacheSettings } from "../../../src/engine/protocol.ts";
import { DiskTier } from "./disk/disk-tier.ts";
import { fingerprint } from "./fingerprint.ts";

/**
 * The disk tier of a model with what is there from earlier; undefined when there shall be none, or when its folder cannot be read.
 * @param build path of the engine's library.
 * @param onTrouble is told why not.
 */
export async function openDisk(
  settings: CacheSettings | undefined,
  build: string,
  onTrouble: (error: unknown) => void,
): Promise<DiskTier | undefined> {
  if (settings?.disk === undefined) return undefined;
  const { root, bytes, weights, key } = settings.disk;
  const tier = new DiskTier({
    root,
    folder: join(root, weights),
    fingerprint: fingerprint(basename(build), key),
    bytes,
  });
  try {
    await tier.list(Date.now());
    return tier;
  } catch (error) {
    onTrouble(error);
    return undefined;
  }
}
