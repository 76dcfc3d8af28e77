import { isIPv6 } from "node:net";
import { codeOf } from "../lib/error-code.ts";

/** Failures to connect, before anything was sent. */
const UNREACHABLE = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"];

/**
 * As `fetch`, but the connection goes to `address`, and the URL's host is not looked up. The `Host` header and the certificate are still
 * those of the URL's host: Bun verifies `serverName`.
 */
export function pinnedFetch(url: string, init: BunFetchRequestInit, address?: string): Promise<Response> {
  if (address === undefined) return fetch(url, init);
  const target = new URL(url);
  const headers = new Headers(init.headers);
  headers.set("host", target.host);
  const tls = { ...init.tls, serverName: target.hostname };
  target.hostname = isIPv6(address) ? `[${address}]` : address;
  return fetch(target.href, { ...init, headers, tls });
}

/**
 * Sends a request to the first address that can be connected to; `send` is called without one when there are none to choose from.
 * @throws the error of `send` for the last address, or its first error other than an unreachable address.
 */
export async function fetchFromOne(
  [address, ...others]: readonly string[],
  send: (address?: string) => Promise<Response>,
): Promise<Response> {
  try {
    return await send(address);
  } catch (error) {
    if (others.length === 0 || !UNREACHABLE.includes(codeOf(error))) throw error;
    return fetchFromOne(others, send);
  }
}
