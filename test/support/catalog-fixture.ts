import { join } from "node:path";
import type { Quantize } from "../../src/intent/quantize-job.ts";
import type { Digest } from "../../src/lib/digest.ts";
import type { TemplateTraits } from "../../src/models/capabilities.ts";
import type { Catalog, ModelCreation } from "../../src/models/catalog.ts";
import { createCatalog } from "../../src/models/create-catalog.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { noQuantizer } from "./no-quantizer.ts";
import { chunks, digestOf, manualClock, nameOf, tempDirectory } from "./store-fixture.ts";
import { tinyGguf } from "./tiny-gguf.ts";

/** Stands in for the examination of a Go template: what the test's own templates mention. */
function mentions(template: string): TemplateTraits {
  return {
    tools: template.includes(".Tools"),
    insert: template.includes(".Suffix"),
    thinking: template.includes("<think>"),
  };
}

export interface CatalogFixture extends Disposable {
  catalog: Catalog;
  store: Store;
  directory: string;
  clock: ReturnType<typeof manualClock>;
  /** Uploads content; @returns its digest. */
  upload(content: string | Uint8Array): Promise<Digest>;
  /** Runs a create to its end. @returns the status lines. */
  create(model: string, request: Omit<ModelCreation, "name">): Promise<string[]>;
  /** Files in `blobs/`. */
  blobCount(): number;
}

/** A catalog over an empty store in a directory of its own. Templates are taken unless they contain `{{ bad`. */
export function openCatalog(quantize: Quantize = noQuantizer): CatalogFixture {
  const directory = tempDirectory();
  const clock = manualClock();
  const store = openStore({ directory: directory.path, clock });
  const catalog = createCatalog({
    store,
    checkTemplate: (template) => (template.includes("{{ bad") ? "template: :1: bad" : undefined),
    goTraits: mentions,
    quantize,
  });
  return {
    catalog,
    store,
    clock,
    directory: directory.path,
    async upload(content) {
      const digest = digestOf(content);
      await catalog.putBlob(digest, chunks(content));
      return digest;
    },
    async create(model, request) {
      const lines = catalog.create({ name: nameOf(model), ...request }, new AbortController().signal);
      return (await Array.fromAsync(lines)).map((line) => line.status);
    },
    blobCount: () => [...new Bun.Glob("*").scanSync(join(directory.path, "blobs"))].length,
    [Symbol.dispose]() {
      store[Symbol.dispose]();
      directory[Symbol.dispose]();
    },
  };
}

/** Uploads a tiny llama and creates a model of it. */
export async function createTiny(
  fixture: CatalogFixture,
  model: string,
  request: Omit<ModelCreation, "name"> = {},
): Promise<string[]> {
  const digest = await fixture.upload(await tinyGguf());
  return fixture.create(model, { files: { "tiny.gguf": digest }, ...request });
}
