import { closeSync, fsyncSync, openSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { type Digest, digestOfHex, hexOf, parseDigest } from "../lib/digest.ts";
import { codeOf } from "../lib/error-code.ts";
import { AppError } from "../lib/errors.ts";
import { hashFile } from "./hash-file.ts";
import { temporaryName } from "./temp-name.ts";

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
  /** It was taken over as the blob of this digest, without being hashed. */
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
 * @throws AppError `no_space` when the disk is full; whatever `body` throws.
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
    throw diskTrouble(error) ?? error;
  }
}

/**
 * Lets `fill` write a temporary file of which it is given the path (it does not exist yet), then hashes it. Nothing is left behind
 * when that fails.
 * @throws AppError `no_space` when the disk is full; whatever `fill` throws; the signal's reason when aborted.
 */
export async function stageFile(
  directory: string,
  fill: (path: string) => Promise<void>,
  signal: AbortSignal,
): Promise<StagedBlob> {
  const path = join(directory, temporaryName());
  try {
    await fill(path);
    const { digest, size } = await syncAndHash(path, signal);
    return { path, digest, size };
  } catch (error) {
    rmSync(path, { force: true });
    throw diskTrouble(error) ?? error;
  }
}

/** Removes the temporary files that did not become blobs. */
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
  const handle = await open(path, "wx", 0o644);
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

/** A full disk as an error that says so; undefined for any other error. */
export function diskTrouble(error: unknown, rest = "nothing was kept"): AppError | undefined {
  const code = codeOf(error);
  if (code !== "ENOSPC" && code !== "EDQUOT") return undefined;
  return new AppError("no_space", `no space left on the disk that holds the models; ${rest}`, {
    cause: error,
  });
}
