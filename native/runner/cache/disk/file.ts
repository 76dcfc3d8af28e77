import { type FileHandle, open, rename, rm } from "node:fs/promises";
import type { CachedPrompt } from "../cached-prompt.ts";
import { checksum, encodeFront, type Front, fileLength, readFront, sumBytes } from "./format.ts";

/** Bytes that are read, written and summed at a time: the event loop turns in between, so a step waits for one such piece at most. */
const PIECE = 2 ** 20;

/** Only the owner may read the files: they hold people's conversations. */
const MODE = 0o600;

/** The front of a file; undefined when it cannot be read or is damaged. */
export async function readFileFront(path: string): Promise<Front | undefined> {
  await using file = await openIfThere(path);
  if (file === undefined) return undefined;
  const front = await readFront((offset, length) => readAt(file, offset, length));
  if (front === undefined) return undefined;
  return (await file.stat()).size === fileLength(front) ? front : undefined;
}

/** The prompt that a file holds; undefined when any byte of it is not as it was written. */
export async function readPromptFile(path: string, fingerprint: string): Promise<CachedPrompt | undefined> {
  await using file = await openIfThere(path);
  if (file === undefined) return undefined;
  const front = await readFront((offset, length) => readAt(file, offset, length));
  if (front === undefined || front.fingerprint !== fingerprint) return undefined;
  let offset = front.length;
  let sum = front.sum;
  const next = async (length: number): Promise<Uint8Array> => {
    const bytes = Buffer.allocUnsafeSlow(length);
    for (let at = 0; at < length; at += PIECE) {
      const piece = bytes.subarray(at, Math.min(at + PIECE, length));
      await readInto(file, piece, offset + at);
      sum = checksum(piece, sum);
    }
    offset += length;
    return bytes;
  };
  const checkpoints: CachedPrompt["checkpoints"][number][] = [];
  for (const { cells, bytes } of front.checkpoints) checkpoints.push({ cells, state: await next(bytes) });
  const state = await next(front.stateBytes);
  const written = await readAt(file, offset, sumBytes(0n).length);
  if (!Buffer.from(sumBytes(sum)).equals(written)) return undefined;
  const { cells, media, floor, salt } = front;
  return { cells, media, floor, salt, checkpoints, state };
}

/** Writes a prompt. The file gets its name when it is complete. @throws the error of the file system; then no file is left behind. */
export async function writePromptFile(
  path: string,
  prompt: CachedPrompt,
  fingerprint: string,
  signal: AbortSignal,
): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await using file = await open(temporary, "w", MODE);
    const front = encodeFront(prompt, fingerprint);
    await file.writeFile(front.bytes);
    let sum = front.sum;
    for (const { state } of [...prompt.checkpoints, prompt]) {
      for (let at = 0; at < state.byteLength; at += PIECE) {
        signal.throwIfAborted();
        const piece = state.subarray(at, at + PIECE);
        sum = checksum(piece, sum);
        await file.writeFile(piece);
      }
    }
    await file.writeFile(sumBytes(sum));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch {
    // It has been removed meanwhile, or may not be read.
    return undefined;
  }
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(length);
  return bytes.subarray(0, await readInto(file, bytes, offset));
}

async function readInto(file: FileHandle, bytes: Uint8Array, offset: number): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, offset + done);
    if (bytesRead === 0) return done;
    done += bytesRead;
  }
  return done;
}
