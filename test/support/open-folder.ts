import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve, sep } from "node:path";
import type { ModelFolder } from "../../src/models/convert/folder.ts";

/**
 * The regular files below a directory. Links to files count, since the hub's download cache consists of them; links to
 * directories are not followed.
 */
export async function openFolder(directory: string): Promise<ModelFolder> {
  const root = resolve(directory);
  const entries = await readdir(root, { recursive: true });
  const files = new Map<string, Blob>();
  for (const entry of entries.sort()) {
    const path = join(root, entry);
    if ((await stat(path)).isFile()) files.set(entry.split(sep).join("/"), Bun.file(path));
  }
  return { name: basename(root), files };
}
