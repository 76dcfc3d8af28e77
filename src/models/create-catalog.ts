import type { Store } from "../store/store.ts";
import type { TemplateTraits } from "./capabilities.ts";
import type { Catalog } from "./catalog.ts";
import { createModel, type TemplateCheck } from "./create.ts";
import { listModels } from "./list.ts";
import { resolveModel } from "./resolve.ts";
import { showModel } from "./show.ts";
import { createTraitLookup } from "./template-traits.ts";

export interface CatalogOptions {
  store: Store;
  checkTemplate: TemplateCheck;
  /** What a TEMPLATE can do. */
  goTraits(template: string): TemplateTraits;
}

/** The books of installed models, kept in `store`. */
export function createCatalog({ store, checkTemplate, goTraits }: CatalogOptions): Catalog {
  const traits = createTraitLookup(store.reads, goTraits);
  return {
    resolve: (name) => resolveModel(store, traits, name),
    list: () => listModels(store, traits),
    show: (name, overrides) => showModel(store, traits, name, overrides),
    copy: (source, destination) => store.copy(source, destination),
    remove: async (name) => store.remove(name),
    create: (request, signal) => createModel(store, checkTemplate, request, signal),
    hasBlob: (digest) => store.blobs.claim(digest),
    putBlob: (digest, body) => store.blobs.put(digest, body),
  };
}
