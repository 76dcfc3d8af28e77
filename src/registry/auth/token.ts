import { upstream } from "../upstream.ts";
import type { Challenge } from "./challenge.ts";
import type { SshKey } from "./ssh-key.ts";

/** base64(hex(sha256(""))): a request without a body, in what is signed. */
const EMPTY_BODY = Buffer.from(new Bun.CryptoHasher("sha256").digest("hex")).toString("base64");

type Bearer = Extract<Challenge, { scheme: "bearer" }>;

/**
 * The URL of a token request (docs/behaviour: registry-and-store §8). The realm must be on the registry's own host: otherwise a hostile
 * registry could have our signatures, or a password, sent wherever it likes (CVE-2025-51471).
 *
 * @throws AppError when the realm is another host's.
 */
export function tokenUrl(challenge: Bearer, registry: URL, at: { seconds: number; nonce: string }): URL {
  const url = URL.parse(challenge.realm);
  if (url === null) throw upstream(`the registry's realm "${challenge.realm}" is no URL`);
  if (url.host !== registry.host) {
    throw upstream(`realm host "${url.host}" does not match original host "${registry.host}"`);
  }
  if (url.protocol !== registry.protocol && url.protocol !== "https:") {
    throw upstream(`the registry's realm "${challenge.realm}" is not secure`);
  }
  url.searchParams.append("nonce", at.nonce);
  for (const scope of challenge.scopes) url.searchParams.append("scope", scope);
  url.searchParams.append("service", challenge.service);
  url.searchParams.append("ts", String(at.seconds));
  url.searchParams.sort();
  return url;
}

/** The Authorization header of a token request, signed with the installation's key. */
export const signedBy = (key: SshKey, url: URL): string =>
  `${key.publicKey}:${key.sign(`GET,${url.href},${EMPTY_BODY}`)}`;

/** The token in the reply. @throws AppError when there is none. */
export function readToken(reply: unknown): string {
  const { token, access_token: access } = Object(reply) as { token?: unknown; access_token?: unknown };
  const found = token ?? access;
  if (typeof found === "string" && found !== "") return found;
  throw upstream("the registry's reply has no token");
}
