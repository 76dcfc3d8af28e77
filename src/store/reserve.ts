import { closeSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { PRIVATE_FILE } from "./private-files.ts";
import { isFull } from "./trouble.ts";

/** The bytes that SQLite needs to delete a model: a log of the changed pages, and an index of the log. */
const RESERVE_BYTES = 2 * 2 ** 20;
const CHUNK_BYTES = 64 * 2 ** 10;

const pathOf = (directory: string): string => join(directory, "llamero.reserve");

/**
 * Keeps some bytes of the disk in a file, as many as there is room for. When the disk is full they are given up, so that a model can be
 * deleted, which frees more.
 *
 * The bytes are random, since a disk that compresses would otherwise have nothing to give back.
 */
export function fillReserve(directory: string): void {
  const path = pathOf(directory);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size >= RESERVE_BYTES) return;
  const fd = openSync(path, "a", PRIVATE_FILE);
  try {
    const chunk = new Uint8Array(CHUNK_BYTES);
    for (let at = size; at < RESERVE_BYTES; at += CHUNK_BYTES) {
      writeSync(fd, crypto.getRandomValues(chunk));
    }
  } catch (error) {
    if (!isFull(error)) throw error;
  } finally {
    closeSync(fd);
  }
}

/** Gives the bytes back to the disk. @returns how many. */
export function releaseReserve(directory: string): number {
  const path = pathOf(directory);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  rmSync(path, { force: true });
  return size;
}
