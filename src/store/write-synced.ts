import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { PRIVATE_FILE } from "./private-files.ts";

/**
 * Writes a file, readable by this user alone, and has it on the disk when it returns.
 *
 * @param flag `w` writes over what is there, `wx` fails with `EEXIST`.
 * @throws the system's error; a part of the file may be there then.
 */
export function writeSynced(path: string, flag: "w" | "wx", bytes: Uint8Array): void {
  const fd = openSync(path, flag, PRIVATE_FILE);
  try {
    for (let done = 0; done < bytes.byteLength; ) done += writeSync(fd, bytes, done);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
