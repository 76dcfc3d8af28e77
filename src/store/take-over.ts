import { constants, rmSync } from "node:fs";
import { copyFile, link, open, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "../lib/digest.ts";
import { codeOf } from "../lib/error-code.ts";
import { type AppError, badRequest } from "../lib/errors.ts";
import { diskTrouble, type OpenTemp, type StagedBlob } from "./blob-files.ts";
import { hashFile } from "./hash-file.ts";
import { temporaryName } from "./temp-name.ts";

/** A file of another store that is to become a blob of ours. */
export interface ForeignBlob {
  path: string;
  digest: Digest;
  /** Bytes, as a manifest says. */
  size: number;
}

export interface TakeOverOptions {
  /** Hash the file, although the other store vouches for it. A copy is hashed in any case. */
  verify: boolean;
  signal: AbortSignal;
}

/**
 * Stages a file that stays where it is: by hard link, else as a clone that shares its blocks, else as a copy. Hard links need the
 * same file system, and on most Linux machines (`fs.protected_hardlinks`) the file's owner. Yields the bytes done of what takes
 * long. Nothing is left behind when it fails or its consumer leaves.
 *
 * @throws AppError 400 for a file that is missing, unreadable, or not what the manifest says; `no_space`; the signal's reason.
 */
export async function* takeOver(
  directory: string,
  source: ForeignBlob,
  options: TakeOverOptions,
  openTemp: OpenTemp,
): AsyncGenerator<number, StagedBlob, undefined> {
  const path = join(directory, temporaryName());
  let done = false;
  try {
    // A link to a symbolic link would be one too.
    const file = await realpath(source.path);
    await checkSize(file, source);
    const shares = (await tries(link(file, path))) || (await tries(clone(file, path)));
    const staged = shares
      ? yield* checkShared(path, source, options)
      : yield* copy(file, path, source, options, openTemp);
    done = true;
    return staged;
  } catch (error) {
    throw readTrouble(error, source) ?? diskTrouble(error) ?? error;
  } finally {
    if (!done) rmSync(path, { force: true });
  }
}

async function checkSize(path: string, { digest, size }: ForeignBlob): Promise<void> {
  const info = await stat(path);
  if (!info.isFile()) throw badRequest(`blob "${digest}" is not a file`);
  if (info.size !== size) {
    throw badRequest(`blob "${digest}" has ${info.size} bytes, the manifest says ${size}`);
  }
}

const clone = (from: string, to: string): Promise<void> =>
  copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);

/** What cannot be had for this pair of directories or for this user, and another way may do. */
const UNAVAILABLE = new Set([
  "EXDEV",
  "EPERM",
  "EACCES",
  "EMLINK",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
  "EINVAL",
  "ENOTTY",
]);

async function tries(attempt: Promise<void>): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (UNAVAILABLE.has(codeOf(error))) return false;
    throw error;
  }
}

async function* checkShared(
  path: string,
  { digest, size }: ForeignBlob,
  { verify, signal }: TakeOverOptions,
): AsyncGenerator<number, StagedBlob, undefined> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (!verify) return { path, digest, size, unverified: true };
  const found = yield* hashFile(path, signal);
  checkDigest(digest, found.digest);
  return { path, ...found };
}

async function* copy(
  from: string,
  path: string,
  { digest }: ForeignBlob,
  { signal }: TakeOverOptions,
  openTemp: OpenTemp,
): AsyncGenerator<number, StagedBlob, undefined> {
  const target = await openTemp(path);
  try {
    const found = yield* hashFile(from, signal, (chunk) => target.write(chunk));
    checkDigest(digest, found.digest);
    await target.sync();
    return { path, ...found };
  } finally {
    await target.close();
  }
}

function checkDigest(want: Digest, got: Digest): void {
  if (want !== got) throw badRequest(`blob "${want}" is corrupt: its content has the digest "${got}"`);
}

function readTrouble(error: unknown, { digest }: ForeignBlob): AppError | undefined {
  const code = codeOf(error);
  if (code === "ENOENT") return badRequest(`blob "${digest}" is missing`);
  if (code === "EACCES") return badRequest(`blob "${digest}" cannot be read: permission denied`);
  return undefined;
}
