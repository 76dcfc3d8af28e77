import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import type { CacheSettings } from "../../../src/engine/protocol.ts";
import type { LoadedModel } from "../engine.ts";
import { DiskTier } from "./disk/disk-tier.ts";

/** Rises when the meaning of saved states changes without a new build of llama.cpp. */
const FORMAT = 1;

/**
 * Names all that must be equal for a saved state to mean what it meant.
 * @param build the engine's library, whose name has its kind and version.
 * @param key whatever else of a load changes a state's meaning.
 */
const fingerprint = (build: string, key: string): string =>
  createHash("sha256")
    .update(JSON.stringify([FORMAT, build, key]))
    .digest("hex");

/**
 * The disk tier of a model with what is there from earlier; undefined when there shall be none, or when its folder cannot be read.
 * @param model its library names the build that computes; see LoadedModel for the rest.
 * @param onTrouble is told why not.
 */
export async function openDisk(
  settings: CacheSettings | undefined,
  { library, info, hasLongFactors }: Pick<LoadedModel, "library" | "info" | "hasLongFactors">,
  onTrouble: (error: unknown) => void,
): Promise<DiskTier | undefined> {
  if (settings?.disk === undefined) return undefined;
  const { root, bytes, weights, key } = settings.disk;
  const context = hasLongFactors ? info.contextLength : undefined;
  const tier = new DiskTier({
    root,
    folder: join(root, weights),
    fingerprint: fingerprint(basename(library), JSON.stringify([key, context])),
    mostCells: info.contextLength,
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
