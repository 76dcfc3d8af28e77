import type { HostConfig } from "../config/config.ts";
import type { Peers } from "./door.ts";
import { isAllowedHost, isLoopbackHost, type Machine } from "./host-check.ts";

export interface LocalCallerOptions {
  host: HostConfig;
  machine: Machine;
  server(): Peers | null;
}

/** What proxies add: behind one, every caller has the proxy's address. */
const FORWARDED = ["forwarded", "via", "x-forwarded-for", "x-real-ip"];

/**
 * Does a request come from a program on this machine? Its address must be loopback, its Host header local, because a page of
 * another site may be rebound to this address where the guard does not look at hosts, and no proxy may have passed it on. Whoever
 * may open the server's unix socket counts as local.
 */
export const localCaller =
  ({ host, machine, server }: LocalCallerOptions) =>
  (request: Request): boolean => {
    if (FORWARDED.some((name) => request.headers.has(name))) return false;
    if (!isAllowedHost(request.headers.get("host"), machine)) return false;
    if (host.unix !== undefined) return true;
    const address = server()?.requestIP(request)?.address;
    return address !== undefined && isLoopbackHost(address);
  };
