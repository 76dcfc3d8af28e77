import { closeSync, fsyncSync, openSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { type Digest, digestOfHex, hexOf, parseDigest } from "../lib/digest.ts";
import { hashFile } from "./hash-file.ts";
import { keepPrivate, PRIVATE_FILE } from "./private-files.ts";
import { temporaryName } from "./temp-name.ts";
import { storeTrouble } from "./trouble.ts";

/** The end of an error about content that could not be written. */
export const NOTHING_KEPT = "nothing was kept";

/** A file being written. */
export interface TempFile {
  write(chunk: Uint8Array): Promise<void>;
  /** Waits until the content is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Creates a file that must not exist. */
export type OpenTemp = (path: string) => Promise<TempFile>;

/** A complete file under a temporary name, its content on the disk. It becomes a blob by being renamed. */
export interface StagedBlob {
  path: string;
  digest: Digest;
  size: number;
  /** The file was taken over as the blob of this digest, without being hashed. */
  unverified?: true;
}

export function blobPath(directory: string, digest: Digest): string {
  return join(directory, `sha256-${hexOf(digest)}`);
}

/** The digest that a file name in `blobs/` stands for; undefined for any other file. */
export function digestOfFileName(name: string): Digest | undefined {
  return name.startsWith("sha256-") ? parseDigest(`sha256:${name.slice(7)}`) : undefined;
}

/**
 * Streams `body` into a temporary file and hashes it on the way. Nothing is left behind when that fails.
 * @throws AppError `no_space` or `read_only` that names the directory; whatever `body` throws.
 */
export async function stageBlob(
  directory: string,
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  openTemp: OpenTemp = openTempFile,
): Promise<StagedBlob> {
  const path = join(directory, temporaryName());
  try {
    const { digest, size } = await writeAndHash(path, body, openTemp);
    return { path, digest, size };
  } catch (error) {
    rmSync(path, { force: true });
    throw storeTrouble(error, directory, NOTHING_KEPT) ?? error;
  }
}

/**
 * Lets `fill` write a temporary file at the path that it is given (the file does not exist yet), then hashes it. Nothing is left behind
 * when that fails.
 * @throws AppError `no_space` or `read_only`; whatever `fill` throws; the signal's reason when aborted.
 */
export async function stageFile(
  directory: string,
  fill: (path: string) => Promise<void>,
  signal: AbortSignal,
): Promise<StagedBlob> {
  const path = join(directory, temporaryName());
  try {
    await fill(path);
    keepPrivate(path);
    const { digest, size } = await syncAndHash(path, signal);
    return { path, digest, size };
  } catch (error) {
    rmSync(path, { force: true });
    throw storeTrouble(error, directory, NOTHING_KEPT) ?? error;
  }
}

/** Removes staged files that have not become blobs. */
export function discardStaged(staged: readonly StagedBlob[]): void {
  for (const { path } of staged) rmSync(path, { force: true });
}

async function writeAndHash(
  path: string,
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  openTemp: OpenTemp,
): Promise<{ digest: Digest; size: number }> {
  const hasher = new Bun.CryptoHasher("sha256");
  const file = await openTemp(path);
  let size = 0;
  try {
    for await (const chunk of body) {
      hasher.update(chunk);
      size += chunk.byteLength;
      await file.write(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { digest: digestOfHex(hasher.digest("hex")), size };
}

async function syncAndHash(path: string, signal: AbortSignal): Promise<{ digest: Digest; size: number }> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  const hashing = hashFile(path, signal);
  for (;;) {
    const { done, value } = await hashing.next();
    if (done) return value;
  }
}

export async function openTempFile(path: string): Promise<TempFile> {
  const handle = await open(path, "wx", PRIVATE_FILE);
  return {
    async write(chunk) {
      for (let done = 0; done < chunk.byteLength; ) {
        done += (await handle.write(chunk, done, chunk.byteLength - done)).bytesWritten;
      }
    },
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

/** Makes renames and removals in a directory survive a power cut. Windows has no such call and needs none. */
export function syncDirectory(directory: string): void {
  if (process.platform === "win32") return;
  const fd = openSync(directory, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
