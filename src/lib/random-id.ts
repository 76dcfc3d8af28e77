const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

/** `length` random lower-case letters and digits; by default as many as ids of OpenAI and Anthropic have behind their prefix. */
export function randomId(length = 24): string {
  const random = crypto.getRandomValues(new Uint32Array(length));
  return Array.from(random, (value) => LETTERS[value % LETTERS.length]).join("");
}
