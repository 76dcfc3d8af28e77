import type { Digest } from "../lib/digest.ts";
import type { ModelReads } from "../store/model-reads.ts";
import { jinjaTraits, type TemplateTraits } from "./capabilities.ts";

/** What the templates of a model can do, by the digest of the blob that holds them. */
export interface TraitLookup {
  go(templateDigest: Digest | null | undefined): TemplateTraits | undefined;
  jinja(weightsDigest: Digest | null | undefined): TemplateTraits | undefined;
}

/**
 * Remembers what it has found out: a digest's content never changes, and a list asks for every model's each time.
 * @param goTraits examines a TEMPLATE.
 */
export function createTraitLookup(
  reads: ModelReads,
  goTraits: (template: string) => TemplateTraits,
): TraitLookup {
  const remember = (find: (digest: Digest) => TemplateTraits | undefined) => {
    const known = new Map<Digest, TemplateTraits | undefined>();
    return (digest: Digest | null | undefined): TemplateTraits | undefined => {
      if (digest === null || digest === undefined) return undefined;
      if (!known.has(digest)) known.set(digest, find(digest));
      return known.get(digest);
    };
  };
  return {
    go: remember((digest) => {
      const text = reads.text(digest);
      return text === undefined ? undefined : goTraits(text);
    }),
    jinja: remember((digest) => {
      const template = reads.gguf(digest)?.chatTemplate;
      return template ? jinjaTraits(template) : undefined;
    }),
  };
}
