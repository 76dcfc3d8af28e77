const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

/** `length` random lower-case letters and digits. */
export function randomId(length: number): string {
  const random = crypto.getRandomValues(new Uint32Array(length));
  return Array.from(random, (value) => LETTERS[value % LETTERS.length]).join("");
}
