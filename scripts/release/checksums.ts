import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { sha256OfFile } from "../support/sha256.ts";
import { CHECKSUMS } from "./folder.ts";

/** Writes the digests of all files as `sha256sum` does, which can check them: `sha256sum -c SHA256SUMS`. */
export async function buildChecksums(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name !== CHECKSUMS).sort();
  const lines = await Promise.all(
    names.map(async (name) => `${await sha256OfFile(join(folder, name))}  ${name}\n`),
  );
  await Bun.write(join(folder, CHECKSUMS), lines.join(""));
}
