import type { TextsOrTokens } from "./schema/texts-or-tokens.ts";

export const isTokens = (value: TextsOrTokens): value is number[] =>
  typeof value !== "string" && value.every((each) => typeof each === "number");

/** The texts, each as a text or as its tokens. */
export function textsOrTokensList(given: TextsOrTokens): (string | number[])[] {
  if (typeof given === "string") return [given];
  return isTokens(given) ? [given] : given;
}
