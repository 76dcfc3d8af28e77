import { type Client, createClient } from "../client/index.ts";
import type { ClientConfig } from "../config/config.ts";
import { printHost, reachableHost } from "../config/host.ts";
import { defined } from "../lib/defined.ts";

/**
 * A client of the server that `host` names; an address that means "all of them" becomes loopback.
 *
 * @param apiKey OLLAMA_API_KEY, "" for none.
 */
export function connect({ host, apiKey }: Pick<ClientConfig, "host" | "apiKey">): Client {
  const { unix, ...address } = reachableHost(host);
  const init: BunFetchRequestInit = {
    // Bun gives up on a quiet connection after five minutes; loading a large model may take longer, and Ctrl-C is at hand.
    timeout: false,
    ...defined({ unix }),
    // Bun would send even loopback requests through HTTP_PROXY; Go, and so Ollama, does not.
    ...(isLoopback(address.hostname) ? { proxy: false } : {}),
  };
  return createClient({
    host: printHost(address),
    apiKey,
    fetch: (url, request) => fetch(url, { ...request, ...init }),
  });
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || hostname.startsWith("127.");
}
