import type { Environment } from "./resolve.ts";

/** Whether requests of a protocol, `http:` or `https:`, may go through a proxy, which then looks names up. Bun reads these variables. */
export function hasProxy(env: Environment, protocol: string): boolean {
  const name = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  return Boolean(env[name] || env[name.toLowerCase()]);
}
