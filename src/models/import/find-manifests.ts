import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { codeOf } from "../../lib/error-code.ts";
import { badRequest } from "../../lib/errors.ts";
import { type ModelName, parseModelName } from "../name.ts";

/** A file below `manifests/` of an Ollama store. */
export interface FoundManifest {
  path: string;
  /** The model's name, by the file's place; undefined when no manifest belongs there. */
  name: ModelName | undefined;
  /** Its place below `manifests/`, with slashes. */
  place: string;
}

/**
 * The files below `manifests/`, which lie at `<host>/<namespace>/<model>/<tag>` (docs/behaviour: registry-and-store §2), in alphabetical order.
 * Hidden files are the desktop's, not Ollama's.
 *
 * @throws AppError 400 when `directory` is no Ollama store.
 */
export async function findManifests(directory: string): Promise<FoundManifest[]> {
  const root = join(directory, "manifests");
  const entries = await list(root, directory);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, parts: relative(root, path).split(sep) }))
    .filter(({ parts }) => !parts.some((part) => part.startsWith(".")))
    .map(({ path, parts }) => ({ path, place: parts.join("/"), name: nameOf(parts) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1));
}

async function list(root: string, directory: string) {
  try {
    return await readdir(root, { recursive: true, withFileTypes: true });
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw badRequest(`"${directory}" is no Ollama store: there is no directory "manifests" in it`);
    }
    if (code === "EACCES") throw badRequest(`"${directory}" cannot be read: permission denied`);
    throw error;
  }
}

function nameOf(parts: readonly string[]): ModelName | undefined {
  const [host, namespace, model, tag] = parts;
  return parts.length === 4 ? parseModelName(`${host}/${namespace}/${model}:${tag}`) : undefined;
}
