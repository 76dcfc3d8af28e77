import type { CompletionInput } from "../intent/generate.ts";
import { goChatTemplate } from "./go-template/go-render.ts";
import type { PromptModel } from "./prompt-model.ts";

/**
 * Does the request need the model's own tokens to fill in the middle? It does with a suffix for which the model's TEMPLATE has no place.
 * A template in the request itself is used as it is.
 */
export function needsFimTokens(
  { template }: Pick<PromptModel, "template">,
  { raw, suffix = "", template: own = "" }: CompletionInput,
): boolean {
  if (raw || suffix === "" || own !== "") return false;
  return template === undefined || template === "" || !goChatTemplate(template).facts.suffix;
}

export interface Gap {
  /** Tokens before the gap. */
  prefix: number[];
  /** Tokens after it. */
  suffix: number[];
}

/** The share of the room that the text after the gap may take when both are long. */
const SUFFIX_SHARE = 0.25;

/**
 * Cuts both texts to `room` tokens, far from the gap: the beginning of what comes before it, the end of what comes after it.
 * Room that one of them does not need goes to the other one.
 */
export function fitGap({ prefix, suffix }: Gap, room: number): Gap {
  if (prefix.length + suffix.length <= room) return { prefix, suffix };
  const forSuffix = Math.min(suffix.length, Math.max(Math.floor(room * SUFFIX_SHARE), room - prefix.length));
  const forPrefix = room - forSuffix;
  return { prefix: prefix.slice(prefix.length - forPrefix), suffix: suffix.slice(0, forSuffix) };
}
