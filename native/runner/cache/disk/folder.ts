import { mkdir, readdir, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { CacheFile } from "./budget.ts";

/** Of files with cached prompts. */
export const EXTENSION = ".kv";

/** A temporary file this old belongs to nobody any more. */
const ABANDONED_MS = 3600_000;

const MODE = 0o700;

export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: MODE });
}

/** The cache files under `root`, of all models; none when there is no such folder. Temporary files that nobody writes are removed. */
export async function listFolder(root: string, now: number): Promise<CacheFile[]> {
  const names = await readdir(root, { recursive: true }).catch(() => []);
  const files = await Promise.all(names.map((name) => describe(join(root, name), now)));
  return files.filter((file) => file !== undefined);
}

async function describe(path: string, now: number): Promise<CacheFile | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) return undefined;
  if (path.endsWith(".tmp") && now - found.mtimeMs > ABANDONED_MS) await removeFile(path);
  return path.endsWith(EXTENSION) ? { path, bytes: found.size, lastUsed: found.mtimeMs } : undefined;
}

export const removeFile = (path: string): Promise<void> => rm(path, { force: true });

/** Bytes that an ordinary user may still write to the disk that holds `path`. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
