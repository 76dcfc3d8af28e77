import type { Quantize } from "../intent/quantize-job.ts";
import type { Store } from "../store/store.ts";
import type { TemplateTraits } from "./capabilities.ts";
import type { Catalog } from "./catalog.ts";
import type { TemplateCheck } from "./create.ts";
import { createModelList } from "./list.ts";
import { createProjectorLookup } from "./projectors.ts";
import { runnableModel } from "./resolve.ts";
import { configureModel } from "./settings.ts";
import { shapeReader } from "./shape.ts";
import { showModel } from "./show.ts";
import { createTemplateLookup } from "./template-traits.ts";
import { verifyStore } from "./verify.ts";

export interface CatalogOptions {
  store: Store;
  checkTemplate: TemplateCheck;
  /** The features of a TEMPLATE. */
  goTraits(template: string): TemplateTraits;
  /** Quantizes weights, with llama.cpp. */
  quantize: Quantize;
  /** OLLAMA_GO_TEMPLATE: a TEMPLATE comes before the GGUF's own template. Default true. */
  preferGo?: boolean;
  /** Is libmtmd there, or can it be built? Default: no. */
  canSee?(): boolean;
}

/** The books of installed models, kept in `store`. */
export function createCatalog({
  store,
  checkTemplate,
  goTraits,
  quantize,
  preferGo = true,
  canSee = () => false,
}: CatalogOptions): Catalog {
  const lookups = {
    templates: createTemplateLookup(store.reads, goTraits, preferGo),
    projectors: createProjectorLookup(store),
    canSee,
    shapes: shapeReader(store.reads),
  };
  return {
    resolve: (name) => runnableModel(store, lookups, name),
    list: createModelList(store, lookups),
    show: (name, overrides) => showModel(store, lookups, name, overrides),
    copy: (source, destination) => store.copy(source, destination),
    configure: (name, change) => configureModel(store, name, change),
    remove: async (name) => store.remove(name),
    // The code that reads and converts models is loaded with the first create: an idle server does not hold it in memory.
    async *create(request, signal) {
      const { createModel } = await import("./create.ts");
      yield* createModel({ store, checkTemplate, quantize }, request, signal);
    },
    async *importStore(request, signal) {
      const { importStore } = await import("./import/import-store.ts");
      yield* importStore(store, request, signal);
    },
    verify: (options, signal) => verifyStore(store, options, signal),
    hasBlob: (digest) => store.blobs.promise(digest),
    putBlob: (digest, body) => store.blobs.put(digest, body),
  };
}
