import { isIP } from "node:net";
import { AppError } from "../lib/errors.ts";
import { isLoopback, isPrivateAddress } from "./address.ts";

/** The hosts that the server may talk to on behalf of its clients. */
export interface RegistryPolicy {
  /** Hosts, with a port where it is not the usual one; `*` stands for every host of the internet, `*.x` for those below x. */
  allowed: readonly string[];
  /** The addresses of a host name. */
  lookup(hostname: string): Promise<string[]>;
}

const names = (pattern: string, host: string): boolean =>
  pattern.startsWith("*.") ? host.endsWith(pattern.slice(1).toLowerCase()) : host === pattern.toLowerCase();

/** Is this host listed by its name, and not by `*` alone? A listed host may have a private address. */
const isListed = ({ allowed }: RegistryPolicy, host: string): boolean =>
  allowed.some((pattern) => pattern !== "*" && names(pattern, host.toLowerCase()));

/** @throws AppError 403 unless models may be fetched from `host`. */
export function checkRegistry(policy: RegistryPolicy, host: string): void {
  if (policy.allowed.includes("*") || isListed(policy, host)) return;
  throw new AppError(
    "forbidden",
    `registry "${host}" is not allowed: add it to OLLAMA_ALLOWED_REGISTRIES on the server`,
  );
}

/**
 * Checks where a request is about to go, redirects included: http only where the client asked for it or to this machine, and no
 * address of the server's own network unless that host is listed by its name, whatever the client asked for (SSRF).
 *
 * @param insecure the client asked for http.
 * @returns the addresses that were checked, IPv4 first: the connection must go to one of them, since the name may mean another by
 *   then. None when the address does not matter, or is in the URL.
 * @throws AppError 403.
 */
export async function checkTarget(policy: RegistryPolicy, url: URL, insecure: boolean): Promise<string[]> {
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new AppError("forbidden", `"${url.protocol}" is no protocol of registries`);
  }
  if (url.protocol === "http:" && !insecure && !isLoopback(url.hostname)) {
    throw new AppError("forbidden", `"${url.host}" is only reached over http: insecure allows that`);
  }
  if (isListed(policy, url.host)) return [];
  const literal = url.hostname.replace(/^\[|\]$/g, "");
  const isLiteral = isIP(literal) !== 0;
  const addresses = isLiteral ? [literal] : await policy.lookup(url.hostname);
  if (addresses.some(isPrivateAddress)) {
    throw new AppError(
      "forbidden",
      `"${url.host}" is in a private network: add it to OLLAMA_ALLOWED_REGISTRIES on the server`,
    );
  }
  return isLiteral ? [] : addresses.toSorted((one, other) => isIP(one) - isIP(other));
}
