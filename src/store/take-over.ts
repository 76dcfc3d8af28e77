import { constants, lstatSync, rmSync } from "node:fs";
import { copyFile, type FileHandle, link, open, realpath } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { Digest } from "../lib/digest.ts";
import { codeOf } from "../lib/error-code.ts";
import { type AppError, badRequest } from "../lib/errors.ts";
import { NOTHING_KEPT, type OpenTemp, type StagedBlob } from "./blob-files.ts";
import { hashFile } from "./hash-file.ts";
import { keepPrivate } from "./private-files.ts";
import { temporaryName } from "./temp-name.ts";
import { storeTrouble } from "./trouble.ts";

/** A file of another store that is to become a blob of ours. */
export interface ForeignBlob {
  /** The other store's directory. */
  root: string;
  path: string;
  digest: Digest;
  /** Bytes, as a manifest says. */
  size: number;
}

export interface TakeOverOptions {
  /** Do not hash files that are shared by a link with the other store: their owner, who is the server's user, vouches for them. */
  trust: boolean;
  signal: AbortSignal;
}

/**
 * Stages a file that stays where it is: by hard link, else as a clone that shares its blocks, else as a copy. A file of another user is
 * not linked: its owner could write to it later. Yields how many bytes have been hashed. Nothing is left behind when it fails or its
 * consumer leaves.
 *
 * A symbolic link is not followed, nor a path that leads out of the other store: the user who made it may not be allowed to read files
 * that the server may read. For the same reason an error does not tell the real content of a file.
 *
 * @throws AppError 400 for a file that is missing, unreadable, or different from the manifest; `no_space`; the signal's reason.
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
    await checkPlace(source);
    const staged = (await linked(path, source))
      ? yield* checkLinked(path, source, options)
      : yield* cloneOrCopy(path, source, options, openTemp);
    done = true;
    return staged;
  } catch (error) {
    throw readTrouble(error, source) ?? storeTrouble(error, directory, NOTHING_KEPT) ?? error;
  } finally {
    if (!done) rmSync(path, { force: true });
  }
}

/** The directory of the file must be the store's own, whatever links are on the way to the store. */
async function checkPlace({ root, path, digest }: ForeignBlob): Promise<void> {
  const [store, place] = await Promise.all([realpath(root), realpath(dirname(path))]);
  if (place === store || place.startsWith(store.endsWith(sep) ? store : store + sep)) return;
  throw badRequest(`blob "${digest}" lies outside the store, where a symbolic link leads`);
}

function checkFile(
  file: { isFile(): boolean; isSymbolicLink(): boolean; size: number },
  { digest, size }: ForeignBlob,
) {
  if (file.isSymbolicLink()) throw badRequest(`blob "${digest}" is a symbolic link, which is not followed`);
  if (!file.isFile()) throw badRequest(`blob "${digest}" is not a file`);
  if (file.size !== size) throw badRequest(`blob "${digest}" has not the size that the manifest says`);
}

/** Links the file and then examines the link: its content stays the same, even if another file takes the old name. */
async function linked(path: string, source: ForeignBlob): Promise<boolean> {
  if (lstatSync(source.path).uid !== process.getuid?.()) return false;
  if (!(await tries(link(source.path, path)))) return false;
  const file = lstatSync(path);
  checkFile(file, source);
  if (file.uid === process.getuid?.()) return true;
  rmSync(path);
  return false;
}

/** Errors of a link or clone that is impossible for these directories or this user, while another way may work. */
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

async function* checkLinked(
  path: string,
  { digest, size }: ForeignBlob,
  { trust, signal }: TakeOverOptions,
): AsyncGenerator<number, StagedBlob, undefined> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (trust) return { path, digest, size, unverified: true };
  return yield* hashed(path, digest, signal);
}

async function* cloneOrCopy(
  path: string,
  source: ForeignBlob,
  options: TakeOverOptions,
  openTemp: OpenTemp,
): AsyncGenerator<number, StagedBlob, undefined> {
  const { digest } = source;
  const from = await open(source.path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    checkFile(await from.stat(), source);
    if (await tries(clone(source.path, path))) {
      keepPrivate(path);
      return yield* hashed(path, digest, options.signal);
    }
    return yield* copy(from, path, digest, options.signal, openTemp);
  } finally {
    await from.close();
  }
}

const clone = (from: string, to: string): Promise<void> =>
  copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);

async function* hashed(
  path: string,
  digest: Digest,
  signal: AbortSignal,
): AsyncGenerator<number, StagedBlob, undefined> {
  const found = yield* hashFile(path, signal);
  checkDigest(digest, found.digest);
  return { path, ...found };
}

async function* copy(
  from: FileHandle,
  path: string,
  digest: Digest,
  signal: AbortSignal,
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
  if (want !== got) throw badRequest(`blob "${want}" is corrupt: its content has another digest`);
}

function readTrouble(error: unknown, { digest }: ForeignBlob): AppError | undefined {
  const code = codeOf(error);
  if (code === "ENOENT") return badRequest(`blob "${digest}" is missing`);
  if (code === "EACCES") return badRequest(`blob "${digest}" cannot be read: permission denied`);
  if (code === "ELOOP") return badRequest(`blob "${digest}" is a symbolic link, which is not followed`);
  return undefined;
}
