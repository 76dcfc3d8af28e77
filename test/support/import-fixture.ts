import { join } from "node:path";
import type { ImportStatus } from "../../src/models/catalog.ts";
import { type CatalogFixture, openCatalog } from "./catalog-fixture.ts";
import { type OllamaStore, ollamaStore } from "./ollama-store.ts";
import { tempDirectory } from "./store-fixture.ts";

/** Where an imported model called `tiny` stands in Ollama's tree of manifests. */
export const TINY = "registry.ollama.ai/library/tiny/latest";

/** A store of Ollama's, empty, and one of ours to import it into. */
export interface ImportFixture extends Disposable {
  /** The directory that holds Ollama's store. */
  path: string;
  ollama: OllamaStore;
  ours: CatalogFixture;
  /** @returns all that the import says. */
  importAll(trust?: boolean, signal?: AbortSignal): Promise<ImportStatus[]>;
}

export function importFixture(): ImportFixture {
  const source = tempDirectory();
  const ollama = ollamaStore(join(source.path, "models"));
  const ours = openCatalog();
  return {
    path: source.path,
    ollama,
    ours,
    importAll: (trust = false, signal = new AbortController().signal) =>
      Array.fromAsync(ours.catalog.importStore({ path: ollama.directory, trust }, signal)),
    [Symbol.dispose]() {
      ours[Symbol.dispose]();
      source[Symbol.dispose]();
    },
  };
}

/** The last line of an import. */
export const imported = (imported: number, already_there: number, skipped: number): ImportStatus => ({
  status: "done",
  imported,
  already_there,
  skipped,
});
