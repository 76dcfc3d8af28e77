import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../support/failure.ts";

/** The last thing that a release writes: a folder that has it, or nothing, may be emptied. */
export const CHECKSUMS = "SHA256SUMS";

/**
 * An empty folder for a release, in place of the one before.
 *
 * @throws Failure when something else than a release is in it.
 */
export async function freshFolder(folder: string): Promise<void> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  if (names.length > 0 && !names.some((name) => name === CHECKSUMS || name.startsWith("llamero-"))) {
    throw new Failure(`${folder} is not empty and holds no release`);
  }
  for (const name of names) await rm(join(folder, name), { recursive: true });
  await mkdir(folder, { recursive: true });
}
