import type { ThinkingTags } from "./go-template/index.ts";

/** What the text of a Jinja chat template says about the model (spec: registry-and-store §11, rule 2). */
export interface JinjaFacts {
  tools: boolean;
  /** The tags around the model's thinking; undefined for a model that does not think. */
  thinking: ThinkingTags | undefined;
}

const SPLITS_CONTENT = /content\.split\(\s*(['"])<\/think>\1\s*\)/;

function thinks(text: string): boolean {
  if (text.includes("<think>") && text.includes("</think>")) return true;
  return SPLITS_CONTENT.test(text) && !text.includes("reasoning_content") && !text.includes("<SPECIAL_12>");
}

/** Looks at the text only, so that it works for a template that does not parse. */
export const jinjaFacts = (text: string): JinjaFacts => ({
  tools: text.includes("tools") || text.includes("tool_call"),
  thinking: thinks(text) ? { open: "<think>", close: "</think>" } : undefined,
});
