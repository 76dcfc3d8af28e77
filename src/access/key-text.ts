import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { randomId } from "../lib/random-id.ts";

/** `llamero-<id>-<secret>`: the id finds the key in the books, 256 random bits of secret prove it. */
const FORM = /^llamero-([a-z0-9]{8})-[\w-]{43}$/;

/** A key as it is shown once, and what is kept of it. */
export interface NewKey {
  id: string;
  text: string;
  hash: string;
}

export function newKey(): NewKey {
  const id = randomId(8);
  const text = `llamero-${id}-${randomBytes(32).toString("base64url")}`;
  return { id, text, hash: hashOf(text) };
}

/** The id in a key of ours; undefined for any other text. */
export const idIn = (text: string): string | undefined => FORM.exec(text)?.[1];

/** SHA-256 in hex. A key is random and long, so that no slow hash is needed to keep it from being guessed. */
export const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Compares two hashes in a time that tells nothing of where they differ. */
export function sameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one, "hex"), Buffer.from(other, "hex")];
  return a.byteLength === 32 && b.byteLength === 32 && timingSafeEqual(a, b);
}
