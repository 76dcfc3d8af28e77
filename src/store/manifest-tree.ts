import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  utimesSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { codeOf } from "../lib/error-code.ts";
import { syncDirectory } from "./blob-files.ts";
import { makePrivateDirectory } from "./private-files.ts";
import type { StoredName } from "./stored-name.ts";
import { temporaryName } from "./temp-name.ts";
import { writeSynced } from "./write-synced.ts";

/**
 * A copy of the manifests as files in Ollama's own tree beside `blobs/`: `manifests/<host>/<namespace>/<model>/<tag>`. From them and the
 * blobs the books are made anew when they are lost, and Ollama can read the store.
 */
export interface TreeEntry {
  name: StoredName;
  path: string;
  /** Modification time in milliseconds. */
  mtime: number;
}

/** A model of thousands of layers has one of a few hundred kilobytes. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Below `manifests/`, where Ollama does not look. */
const TEMPORARY = ".tmp-";

const treeOf = (directory: string): string => join(directory, "manifests");

/** Where a model's manifest belongs. @throws Error for a name that would lead elsewhere. */
export function treePath(directory: string, { host, namespace, model, tag }: StoredName): string {
  const parts = [host, namespace, model, tag];
  // The grammar of names does not allow such parts; checked here as well, since a path must not lead out of the tree.
  if (parts.some((part) => part === "" || part.startsWith(".") || /[/\\\0]/.test(part))) {
    throw new Error(`no file can be named after the model ${JSON.stringify(parts)}`);
  }
  return join(treeOf(directory), ...parts);
}

/** The manifests in the tree. Links, hidden files and files at another depth do not count. */
export function listTree(directory: string): TreeEntry[] {
  const root = treeOf(directory);
  return entriesBelow(root)
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((path) => {
      const [host = "", namespace = "", model = "", tag = "", ...more] = relative(root, path).split(sep);
      const parts = [host, namespace, model, tag];
      if (more.length > 0 || parts.some((part) => part === "" || part.startsWith("."))) return [];
      const stat = lstatSync(path, { throwIfNoEntry: false });
      return stat === undefined
        ? []
        : [{ name: { host, namespace, model, tag }, path, mtime: Math.trunc(stat.mtimeMs) }];
    });
}

function entriesBelow(root: string) {
  try {
    return readdirSync(root, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return [];
    throw error;
  }
}

/** A manifest's bytes; undefined when it is gone, or too large to be one. */
export function readTreeFile(path: string): Uint8Array | undefined {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return fstatSync(fd).size > MAX_BYTES ? undefined : readFileSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes a manifest, whole or not at all. @param modifiedAt its modification time, in milliseconds. */
export function writeTreeFile(
  directory: string,
  name: StoredName,
  json: Uint8Array,
  modifiedAt: number,
): void {
  const path = treePath(directory, name);
  makePrivateDirectory(dirname(path));
  const temporary = join(treeOf(directory), TEMPORARY + temporaryName());
  try {
    writeSynced(temporary, "wx", json);
    utimesSync(temporary, modifiedAt / 1000, modifiedAt / 1000);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDirectory(dirname(path));
}

/** Removes a model's manifest, in whatever case it is written, and the directories that are empty then. */
export function removeTreeFile(directory: string, name: StoredName): void {
  const root = treeOf(directory);
  for (const entry of listTree(directory).filter((one) => isSameName(one.name, name))) {
    rmSync(entry.path, { force: true });
    let parent = dirname(entry.path);
    syncDirectory(parent);
    for (; parent !== root && readdirSync(parent).length === 0; parent = dirname(parent)) rmdirSync(parent);
  }
}

/** Names that differ in case only are one. */
const isSameName = (one: StoredName, other: StoredName): boolean =>
  storedNameKey(one) === storedNameKey(other);

/** A key that is the same for names that differ in case only. */
export const storedNameKey = ({ host, namespace, model, tag }: StoredName): string =>
  `${host}/${namespace}/${model}/${tag}`.toLowerCase();

/** Temporary files that were left in the tree, with the names that tell their writers. */
export function treeTemporaries(directory: string): { path: string; name: string }[] {
  const root = treeOf(directory);
  return entriesBelow(root)
    .filter((entry) => entry.isFile() && entry.parentPath === root && entry.name.startsWith(TEMPORARY))
    .map((entry) => ({ path: join(root, entry.name), name: entry.name.slice(TEMPORARY.length) }));
}
