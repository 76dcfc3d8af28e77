import type { ThinkingTags } from "../go-template/index.ts";

/** The facts that the text of a Jinja chat template tells about its model (docs/behaviour: registry-and-store §11, rule 2). */
export interface JinjaFacts {
  tools: boolean;
  /** The tags around the model's thinking; undefined for a model that does not think. */
  thinking: ThinkingTags | undefined;
}

/** Most models', and the only tags that Ollama looks for. */
const THINK: ThinkingTags = { open: "<think>", close: "</think>" };

/** Tags of Magistral and Ministral, Command A, Gemma 4, Seed-OSS. */
const OTHER_TAGS: readonly ThinkingTags[] = [
  { open: "[THINK]", close: "[/THINK]" },
  { open: "<|START_THINKING|>", close: "<|END_THINKING|>" },
  { open: "<|channel>thought", close: "<channel|>" },
  { open: "<seed:think>", close: "</seed:think>" },
];

const SPLITS_CONTENT = /content\.split\(\s*(['"])<\/think>\1\s*\)/;

function tagsIn(text: string): ThinkingTags | undefined {
  const splits =
    SPLITS_CONTENT.test(text) && !text.includes("reasoning_content") && !text.includes("<SPECIAL_12>");
  if (splits) return THINK;
  return [THINK, ...OTHER_TAGS].find(({ open, close }) => text.includes(open) && text.includes(close));
}

/** Looks at the text only, so that it works for a template that does not parse. */
export const jinjaFacts = (text: string): JinjaFacts => ({
  tools: text.includes("tools") || text.includes("tool_call"),
  thinking: tagsIn(text),
});
