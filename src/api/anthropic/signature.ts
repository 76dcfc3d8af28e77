const PREFIX = "llamero.";

/**
 * The signature of a thinking block: the thoughts themselves. A block whose thoughts are left out of the reply can be sent back
 * without loss, as Anthropic's clients expect.
 */
export const signatureOf = (thinking: string): string =>
  `${PREFIX}${Buffer.from(thinking, "utf8").toString("base64url")}`;

/** The thoughts that a signature carries; undefined for another server's. */
export const thinkingIn = (signature: string): string | undefined =>
  signature.startsWith(PREFIX)
    ? Buffer.from(signature.slice(PREFIX.length), "base64url").toString("utf8")
    : undefined;
