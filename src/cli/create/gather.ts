import { realpath } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import type { ModelfileSummary } from "../../modelfile/summary.ts";
import { expandPath, looksLikePath, pathKind } from "./local-path.ts";
import { modelFolder } from "./model-folder.ts";

/** The local files that a Modelfile names, as absolute paths, and the model that it builds on. */
export interface Sources {
  /** The last FROM that is no path. */
  from?: string;
  files: string[];
  adapters: string[];
  /** The last DRAFT that is no path. */
  draft?: string;
  drafts: string[];
}

/**
 * Finds out which of a Modelfile's references are paths (docs/behaviour: modelfile §1.4, §1.5).
 *
 * @param base the Modelfile's directory.
 * @throws Error for a path that does not exist, or a directory without a model.
 */
export async function gather(summary: ModelfileSummary, base: string): Promise<Sources> {
  const sources: Sources = { files: [], adapters: [], drafts: [] };
  for (const from of summary.from) {
    const found = await filesAt(from, base);
    if (found === undefined && looksLikePath(from)) throw missing(from);
    if (found === undefined) sources.from = from;
    else sources.files.push(...found);
  }
  if (summary.adapter !== undefined) sources.adapters = await required(summary.adapter, base);
  for (const draft of summary.drafts) {
    const files = await filesAt(draft, base);
    if (files === undefined && looksLikePath(draft)) throw missing(draft);
    if (files === undefined) sources.draft = draft;
    else if (await overlaps(files, sources.files)) {
      throw new Error(`DRAFT must not reference the same local path as FROM: ${draft}`);
    } else sources.drafts.push(...files);
  }
  return sources;
}

/** Name → path for the server: relative to the files' common root, with slashes. */
export function namesOf(paths: readonly string[]): Map<string, string> {
  const root = commonDirectory(paths);
  return new Map(paths.map((path) => [relative(root, path).split(sep).join("/") || basename(path), path]));
}

async function filesAt(reference: string, base: string): Promise<string[] | undefined> {
  const path = expandPath(reference, base);
  const kind = await pathKind(path);
  if (kind === "directory") return (await modelFolder(path)).map((file) => join(path, file));
  return kind === "file" ? [path] : undefined;
}

const missing = (path: string): Error => new Error(`no such file or directory: ${path}`);

async function required(reference: string, base: string): Promise<string[]> {
  const found = await filesAt(reference, base);
  if (found === undefined) throw missing(reference);
  return found;
}

async function overlaps(some: readonly string[], others: readonly string[]): Promise<boolean> {
  const real = new Set(await Promise.all(others.map((path) => realpath(path))));
  const found = await Promise.all(some.map(async (path) => real.has(await realpath(path))));
  return found.includes(true);
}

function commonDirectory(paths: readonly string[]): string {
  const [first = "", ...rest] = paths.map((path) => dirname(path).split(sep));
  const shared = [...first];
  for (const parts of rest) {
    const different = shared.findIndex((part, index) => part !== parts[index]);
    if (different >= 0) shared.length = different;
  }
  return shared.join(sep) || sep;
}
