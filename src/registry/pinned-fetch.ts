import { isIPv6 } from "node:net";
import { codeOf } from "../lib/error-code.ts";

/** Failures to connect, before anything was sent. */
const UNREACHABLE = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"];

/**
 * As `fetch`, but the connection goes to `address`, and the URL's host is not looked up. The host is still what the server is asked
 * for, and what its certificate must be for: `serverName` is what Bun verifies.
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
 * @throws what `send` throws for the last address, or for any other reason than that it cannot be reached.
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
