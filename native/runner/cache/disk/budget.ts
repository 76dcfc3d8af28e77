/** The part of a disk's free space that the cache may take. */
const SHARE_OF_FREE = 0.1;

export interface CacheFile {
  path: string;
  bytes: number;
  /** Milliseconds since the epoch. */
  lastUsed: number;
}

/**
 * Bytes that the cache may take of a disk.
 * @param wanted as configured.
 * @param free bytes that are free on the disk.
 * @param used bytes that the cache has there, which would be free without it.
 */
export const diskBudget = (wanted: number, free: number, used: number): number =>
  Math.min(wanted, Math.floor((free + used) * SHARE_OF_FREE));

/** The files that go so that the rest and `incoming` further bytes fit `budget`: those not used for longest. */
export function filesToRemove(files: readonly CacheFile[], incoming: number, budget: number): CacheFile[] {
  let bytes = incoming + files.reduce((sum, file) => sum + file.bytes, 0);
  const removed: CacheFile[] = [];
  for (const file of files.toSorted((a, b) => a.lastUsed - b.lastUsed)) {
    if (bytes <= budget) break;
    removed.push(file);
    bytes -= file.bytes;
  }
  return removed;
}
