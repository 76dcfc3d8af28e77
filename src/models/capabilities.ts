import { jinjaFacts } from "../prompt/jinja/facts.ts";
import type { Capability } from "./catalog.ts";
import { familyOf } from "./families.ts";
import { parserTraits } from "./parser-traits.ts";

/** Features of a chat template, whichever language it is written in. */
export interface TemplateTraits {
  /** The template shows tools to the model. */
  tools: boolean;
  /** The template takes a suffix: fill in the middle. */
  insert: boolean;
  thinking: boolean;
}

/** The template that a model's prompts are rendered with. */
export interface EffectiveTemplate {
  /** The TEMPLATE of the Modelfile, or the GGUF's own one. */
  type: "go" | "jinja";
  traits: TemplateTraits;
}

interface WeightsFacts {
  poolingType: number | null;
  fillsMiddle: boolean;
  ranks: boolean;
}

export interface CapabilityFacts {
  /** Capabilities that the config declares. */
  declared: readonly string[];
  family: string;
  /** Senses of its projector: `vision`, `audio`. */
  senses?: readonly Capability[] | undefined;
  /** From the header of the weights; undefined when there are none that we can read. */
  weights?: WeightsFacts | undefined;
  /** Undefined when the model has no template at all. */
  template?: EffectiveTemplate | undefined;
  /** Names in the config. */
  renderer?: string | undefined;
  parser?: string | undefined;
}

/** llama.cpp's pooling type `rank`, which without a ranking head gives nothing. */
const POOLED_BY_HEAD = 4;

/** Capabilities that a config may declare. Not `vision` and `audio`, which take a projector, and not `image`: the engine gives text. */
const DECLARABLE: readonly Capability[] = ["completion", "tools", "insert", "embedding", "thinking"];

/**
 * The capability that the output of the weights stands for. Ollama has none for models that rank: it calls those that name a pooling
 * embedding models, as which llama.cpp does not run them.
 */
function purposeOf({ poolingType, ranks }: WeightsFacts): Capability | undefined {
  if (ranks) return "rerank";
  if (poolingType === null) return "completion";
  return poolingType === POOLED_BY_HEAD ? undefined : "embedding";
}

/**
 * The capabilities of a model, in the order in which Ollama finds them (docs/behaviour: registry-and-store §11). One function for every
 * endpoint: Ollama's list uses a cheaper one whose answer can differ from that of show.
 */
export function detectCapabilities(facts: CapabilityFacts): Capability[] {
  const { weights, declared, renderer, parser } = facts;
  // A renderer writes the prompts instead of any template, except one with a gap, for which only a TEMPLATE has a place.
  const shown = renderer === undefined ? facts.template : undefined;
  const jinja = shown?.type === "jinja" ? shown.traits : undefined;
  const go = shown?.type === "go" ? shown.traits : undefined;
  const fills = facts.template?.type === "go" && facts.template.traits.insert;
  const reads = parser === undefined ? undefined : parserTraits(parser);
  const found: (Capability | false | undefined)[] = [
    ...DECLARABLE.filter((capability) => declared.includes(capability)),
    jinja?.tools && "tools",
    jinja?.thinking && "thinking",
    weights && purposeOf(weights),
    weights?.fillsMiddle && "insert",
    ...(facts.senses ?? []),
    go?.tools && "tools",
    fills && "insert",
    go?.thinking && "thinking",
    reads?.tools && "tools",
    reads?.thinking && "thinking",
    familyOf(facts.family).harmony && "thinking",
  ];
  return [...new Set(found.filter((capability) => capability !== false && capability !== undefined))];
}

/**
 * Which template a model's prompts are rendered with: the TEMPLATE, which somebody wrote for this model, before the GGUF's own one.
 * (Ollama lets the GGUF's win when it can do more, and so ignores a TEMPLATE without a word.)
 * @param preferGo OLLAMA_GO_TEMPLATE; false turns the order about.
 */
export function templateInEffect(
  go: TemplateTraits | undefined,
  jinja: TemplateTraits | undefined,
  preferGo: boolean,
): EffectiveTemplate | undefined {
  if (go !== undefined && (preferGo || jinja === undefined)) return { type: "go", traits: go };
  return jinja && { type: "jinja", traits: jinja };
}

/** The features of a Jinja template, by its text (docs/behaviour: registry-and-store §11). */
export function jinjaTraits(text: string): TemplateTraits {
  const { tools, thinking } = jinjaFacts(text);
  return {
    tools,
    insert: false,
    thinking: thinking !== undefined,
  };
}
