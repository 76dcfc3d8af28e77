import type { Digest } from "../lib/digest.ts";
import type { ModelReads } from "../store/model-reads.ts";
import {
  type EffectiveTemplate,
  jinjaTraits,
  type TemplateTraits,
  templateInEffect,
} from "./capabilities.ts";

/** The template in effect of a model, found by the digests of the blobs that may hold one. */
export type TemplateLookup = (
  templateDigest: Digest | null | undefined,
  weightsDigest: Digest | null | undefined,
) => EffectiveTemplate | undefined;

/**
 * The lookup remembers its results: a digest's content never changes, and a list needs every model's template each time.
 * @param goTraits finds the features of a TEMPLATE.
 * @param preferGo OLLAMA_GO_TEMPLATE.
 */
export function createTemplateLookup(
  reads: ModelReads,
  goTraits: (template: string) => TemplateTraits,
  preferGo: boolean,
): TemplateLookup {
  const remember = (find: (digest: Digest) => TemplateTraits | undefined) => {
    const known = new Map<Digest, TemplateTraits | undefined>();
    return (digest: Digest | null | undefined): TemplateTraits | undefined => {
      if (digest === null || digest === undefined) return undefined;
      if (!known.has(digest)) known.set(digest, find(digest));
      return known.get(digest);
    };
  };
  const go = remember((digest) => {
    const text = reads.text(digest);
    return text === undefined ? undefined : goTraits(text);
  });
  const jinja = remember((digest) => {
    const template = reads.gguf(digest)?.chatTemplate;
    return template ? jinjaTraits(template) : undefined;
  });
  return (templateDigest, weightsDigest) =>
    templateInEffect(go(templateDigest), jinja(weightsDigest), preferGo);
}
