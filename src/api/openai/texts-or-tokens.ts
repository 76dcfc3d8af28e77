export const isTokens = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every(Number.isInteger);

const isTextOrTokens = (value: unknown): value is string | number[] =>
  typeof value === "string" || isTokens(value);

/**
 * OpenAI's four ways to say texts: a text, its tokens, or a list of either.
 *
 * @returns undefined for anything else, an empty list included.
 */
export function textsOrTokens(value: unknown): (string | number[])[] | undefined {
  if (isTextOrTokens(value)) return [value];
  return Array.isArray(value) && value.length > 0 && value.every(isTextOrTokens) ? value : undefined;
}
