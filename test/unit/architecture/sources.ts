import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

export const ROOT = resolve(import.meta.dir, "../../..");

export interface Source {
  /** Relative to the repository, e.g. `src/http/app.ts`. */
  path: string;
  text: string;
}

/** The product's own TypeScript files. */
export function sources(): Source[] {
  return ["src/**/*.{ts,tsx}", "native/**/*.ts"].flatMap((pattern) =>
    [...new Bun.Glob(pattern).scanSync(ROOT)].map((path) => ({
      path,
      text: readFileSync(join(ROOT, path), "utf8"),
    })),
  );
}

/** Files of ours that a file imports, relative to the repository; `types` tells those imported for their types only. */
export function importsOf({ path, text }: Source): { target: string; types: boolean }[] {
  const statements = [...text.matchAll(/^(import|export)( type)?\b[^;"']*?from "(\.[^"]+)"/gm)];
  const dynamic = [...text.matchAll(/\bimport\("(\.[^"]+)"\)/g)];
  const resolved = (specifier: string): string => relative(ROOT, join(ROOT, dirname(path), specifier));
  return [
    ...statements.map(([, , type, specifier = ""]) => ({
      target: resolved(specifier),
      types: type !== undefined,
    })),
    ...dynamic.map(([, specifier = ""]) => ({ target: resolved(specifier), types: false })),
  ];
}

/**
 * The import circles, types included: each as the files on the way round, the first one repeated at the end. Found depth first, so of
 * circles that share a file one is told.
 */
export function cycles(files: readonly Source[]): string[] {
  const graph = new Map(files.map((file) => [file.path, importsOf(file).map(({ target }) => target)]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start !== -1) found.push([...way.slice(start), path].join(" → "));
    if (start !== -1 || done.has(path)) return;
    for (const target of graph.get(path) ?? []) visit(target, [...way, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}

/** Packages that a file imports by name. */
export function packagesOf({ text }: Source): string[] {
  return [...text.matchAll(/(?:from|import\()\s*"([^."][^"]*)"/g)].map(([, name = ""]) => name);
}

/** The room a file is in: `http`, `prompt`, …, `native`; `api/ollama` and the like for the dialects; "" for src itself. */
export function roomOf(path: string): string {
  if (path.startsWith("native/")) return "native";
  const [, room = "", folder = ""] = path.split("/");
  if (room.endsWith(".ts")) return "";
  return room === "api" && !folder.endsWith(".ts") ? `api/${folder}` : room;
}
