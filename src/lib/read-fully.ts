import type { FileHandle } from "node:fs/promises";

/** Fills `into` from `offset` of a file. @returns false when the file ends before that. */
export async function readFully(file: FileHandle, offset: number, into: Uint8Array): Promise<boolean> {
  for (let done = 0; done < into.byteLength; ) {
    const { bytesRead } = await file.read(into, done, into.byteLength - done, offset + done);
    if (bytesRead === 0) return false;
    done += bytesRead;
  }
  return true;
}
