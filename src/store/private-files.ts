import { chmodSync, closeSync, lstatSync, mkdirSync, openSync } from "node:fs";
import { codeOf } from "../lib/error-code.ts";

/** For the owner alone: prompts, answers and models are nobody else's business. */
export const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;

/** Modes that directories have which nobody has given one; any other was chosen by somebody, who may share them with a group. */
const UNCHOSEN = [0o755, 0o775];

/** Makes a directory that only its owner may enter, or makes it so if it is there with the mode that directories have by default. */
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

/** What belongs to somebody else, as a volume may, or lies where nothing can be written, keeps its mode. */
function changeMode(path: string, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch (error) {
    if (!["EPERM", "EROFS", "EACCES"].includes(codeOf(error))) throw error;
  }
}
