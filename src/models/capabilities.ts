import type { Capability } from "./catalog.ts";

/** What a chat template can do, whichever language it is written in. */
export interface TemplateTraits {
  /** It shows tools to the model. */
  tools: boolean;
  /** It takes a suffix: fill in the middle. */
  insert: boolean;
  thinking: boolean;
  /** It renders both a model's tool calls and the tools' results. */
  toolRoundTrip: boolean;
}

export interface CapabilityFacts {
  /** What the config declares. */
  declared: readonly string[];
  family: string;
  /** From the header of the weights; undefined when there are none that we can read. */
  weights?: { poolingType: number | null; hasVision: boolean; hasAudio: boolean } | undefined;
  /** From the headers of the projectors. */
  projectors: readonly { hasAudio: boolean }[];
  /** Of the TEMPLATE; undefined when there is none. */
  go?: TemplateTraits | undefined;
  /** Of the GGUF's own template; undefined when there is none. */
  jinja?: TemplateTraits | undefined;
}

const ALL: readonly Capability[] = [
  "completion",
  "tools",
  "insert",
  "vision",
  "embedding",
  "thinking",
  "image",
  "audio",
];

/**
 * What a model can do, in the order in which Ollama finds it out (spec: registry-and-store §11). One function for every endpoint:
 * Ollama's list uses a cheaper one whose answer can differ from that of show.
 */
export function detectCapabilities(facts: CapabilityFacts): Capability[] {
  const { weights, projectors, declared } = facts;
  const inEffect = templateInEffect(facts.go, facts.jinja);
  const jinja = inEffect === "jinja" ? facts.jinja : undefined;
  const go = inEffect === "go" ? facts.go : undefined;
  const found: (Capability | false | undefined)[] = [
    ...ALL.filter((capability) => declared.includes(capability)),
    jinja?.tools && "tools",
    jinja?.thinking && "thinking",
    weights && (weights.poolingType === null ? "completion" : "embedding"),
    weights?.hasVision && "vision",
    weights?.hasAudio && "audio",
    projectors.length > 0 && "vision",
    facts.family !== "gemma3nv" && projectors.some((projector) => projector.hasAudio) && "audio",
    go?.tools && "tools",
    go?.insert && "insert",
    go?.thinking && "thinking",
    (facts.family === "gptoss" || facts.family === "gpt-oss") && "thinking",
  ];
  const kept = found.filter((capability) => capability !== false && capability !== undefined);
  const suppressed: readonly string[] = facts.family === "nemotron_h_omni" ? ["audio"] : [];
  return [...new Set(kept)].filter((capability) => !suppressed.includes(capability));
}

/**
 * Which template a model's prompts are rendered with. The TEMPLATE, unless the GGUF's own one can do more: has more capabilities,
 * or as many and is the only one to render tool results (spec: registry-and-store §11).
 */
export function templateInEffect(
  go: TemplateTraits | undefined,
  jinja: TemplateTraits | undefined,
): "go" | "jinja" | undefined {
  if (go === undefined) return jinja && "jinja";
  if (jinja === undefined) return "go";
  if (go.toolRoundTrip && !jinja.toolRoundTrip) return "go";
  const [ours, theirs] = [count(go), count(jinja)];
  if (theirs > ours) return "jinja";
  const onlyJinjaRoundTrips = theirs === ours && go.tools && jinja.tools && !go.toolRoundTrip;
  return onlyJinjaRoundTrips && jinja.toolRoundTrip ? "jinja" : "go";
}

function count({ tools, insert, thinking }: TemplateTraits): number {
  return [tools, insert, thinking].filter(Boolean).length;
}

/** What a Jinja template's text shows (spec: registry-and-store §11). */
export function jinjaTraits(text: string): TemplateTraits {
  const bothTags = text.includes("<think>") && text.includes("</think>");
  const splits = /split\(\s*(['"])<\/think>\1/.test(text);
  const splitsOnly = splits && !text.includes("reasoning_content") && !text.includes("<SPECIAL_12>");
  return {
    tools: text.includes("tools") || text.includes("tool_call"),
    insert: false,
    thinking: bothTags || splitsOnly,
    toolRoundTrip: text.includes("tool_calls") && /['"]tool['"]/.test(text),
  };
}
