import { chmodSync, closeSync, lstatSync, mkdirSync, openSync } from "node:fs";
import { codeOf } from "../lib/error-code.ts";

/** Modes for the owner alone: prompts, answers and models are private. */
export const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;

/** The default modes of new directories; any other mode was chosen by somebody, who may share the directory with a group. */
const UNCHOSEN = [0o755, 0o775];

/** Makes a directory that only its owner may enter; an existing one is changed if it has a default mode. */
export function makePrivateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: PRIVATE_DIRECTORY });
  const { mode } = lstatSync(path);
  if (UNCHOSEN.includes(mode & 0o777)) changeMode(path, PRIVATE_DIRECTORY);
}

/** Makes sure that there is a file which only its owner may read. Its content stays as it is. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, "a", PRIVATE_FILE));
  keepPrivate(path);
}

/** Takes a file's permissions from everybody but its owner. */
export function keepPrivate(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() && (stat.mode & 0o077) !== 0) changeMode(path, PRIVATE_FILE);
}

/** Changes a mode if it can be changed: a directory of another user, such as a volume, or on a read-only disk keeps its mode. */
function changeMode(path: string, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch (error) {
    if (!["EPERM", "EROFS", "EACCES"].includes(codeOf(error))) throw error;
  }
}
