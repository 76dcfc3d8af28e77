import { statfs } from "node:fs/promises";
import { Failure } from "./failure.ts";

/** Left free besides what is needed. */
const RESERVE = 64 * 2 ** 20;

/**
 * @param directory an existing one, on the disk in question.
 * @throws Failure with both numbers when `bytes` do not fit.
 */
export async function requireSpace(directory: string, bytes: number, purpose: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  if (free >= bytes + RESERVE) return;
  throw new Failure(
    `no space for ${purpose}: it needs ${megabytes(bytes)}, ${directory} has ${megabytes(free)} free`,
  );
}

export function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
