import type { Digest } from "../lib/digest.ts";
import type { Store } from "../store/store.ts";
import type { Capability } from "./catalog.ts";
import { clipLayoutOf } from "./clip/table.ts";
import { ggmlTypeNamed } from "./gguf/ggml-types.ts";
import { describeTensor } from "./gguf/tensor.ts";
import { parseTensors } from "./model-info.ts";

/** The file that lets a model see or hear. */
export interface Projector {
  path: string;
  bytes: number;
  /** Path of the weights that it is made of when it is first needed: Ollama publishes some models in one file. */
  from?: string;
  senses: Capability[];
}

/** A model's projector by the digests of its projector layer and its weights; undefined: it has none. */
export type ProjectorLookup = (
  projector: Digest | null | undefined,
  weights: Digest | null | undefined,
) => Projector | undefined;

/** The lookup remembers its results: a digest's content never changes. */
export function createProjectorLookup({ reads, blobs, derived }: Store): ProjectorLookup {
  const known = new Map<Digest, Projector | undefined>();
  const remember = (digest: Digest | null | undefined, find: (digest: Digest) => Projector | undefined) => {
    if (digest === null || digest === undefined) return undefined;
    if (!known.has(digest)) known.set(digest, find(digest));
    return known.get(digest);
  };
  const layer = (digest: Digest): Projector | undefined => {
    const facts = reads.gguf(digest);
    const hears = facts?.hasAudio ?? false;
    const sees = facts?.hasVision !== false || !hears;
    const senses: Capability[] = [...(sees ? ["vision" as const] : []), ...(hears ? ["audio" as const] : [])];
    return { path: blobs.path(digest), bytes: blobs.size(digest) ?? 0, senses };
  };
  const inside = (digest: Digest): Projector | undefined => {
    const facts = reads.gguf(digest);
    const layout = facts === undefined ? undefined : clipLayoutOf(facts.architecture);
    if (layout === undefined) return undefined;
    const tensors = parseTensors(reads.ggufDetails(digest)?.tensors ?? "[]");
    if (!tensors.some(({ name }) => name.startsWith("v."))) return undefined;
    const audible = layout.audio !== undefined && facts?.hasAudio === true;
    const hears = audible && tensors.some(({ name }) => name.startsWith("a."));
    const bytes = tensors
      .filter(({ name }) => SENSORY.test(name))
      .reduce((sum, tensor) => sum + bytesOf(tensor), 0);
    const senses: Capability[] = ["vision", ...(hears ? ["audio" as const] : [])];
    return { path: derived.path(digest), bytes, from: blobs.path(digest), senses };
  };
  return (projector, weights) => remember(projector, layer) ?? remember(weights, inside);
}

/** Tensors of encoders and projectors (docs/behaviour: published layouts §0). */
const SENSORY = /^(v|mm|a|s)\./;

const bytesOf = ({ name, type, shape }: { name: string; type: string; shape: number[] }): number =>
  describeTensor(name, ggmlTypeNamed(type)?.id ?? 0, shape, 0).byteLength;
