/** A content address: `sha256:` and exactly 64 lowercase hex digits. Only {@link parseDigest} and {@link digestOfHex} make one. */
export type Digest = string & { readonly __brand: "Digest" };

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * The only way from outside text to a {@link Digest}.
 *
 * Stricter than Ollama, which also takes `sha256-` and upper-case hex and then names a different file on disk
 * (CVE-2024-37032 began with a digest that was used as a path unchecked).
 *
 * @returns the digest, or `undefined` when `text` is anything else.
 */
export function parseDigest(text: unknown): Digest | undefined {
  return typeof text === "string" && text.length === 71 && DIGEST.test(text) ? (text as Digest) : undefined;
}

/** The digest for 64 lowercase hex digits that a hash function of ours has just produced. */
export function digestOfHex(hex: string): Digest {
  const digest = parseDigest(`sha256:${hex}`);
  if (digest === undefined) throw new Error(`not a SHA-256 in hex: ${hex}`);
  return digest;
}

/** The 64 hex digits of a digest. */
export function hexOf(digest: Digest): string {
  return digest.slice(7);
}
