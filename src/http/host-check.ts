import { isIP } from "node:net";
import { isIn, LOOPBACK, networks, PRIVATE } from "../lib/address.ts";

/** The machine's own names and addresses. */
export interface Machine {
  hostname: string;
  /** Addresses of its interfaces. */
  addresses: readonly string[];
}

const LOCAL_SUFFIXES = [".localhost", ".local", ".internal"];

const loopback = networks(...LOOPBACK);

/** Loopback, private and unspecified addresses: none of them is a public site's. */
const nearby = networks(...LOOPBACK, ...PRIVATE, ["0.0.0.0", 32], ["::", 128]);

/** Is `hostname` this machine talking to itself? */
export const isLoopbackHost = (hostname: string): boolean =>
  hostname === "localhost" || isIn(loopback, hostname);

/** The name or address in a Host header, without port and brackets. */
export function hostnameOf(header: string): string {
  const [, bracketed, plain = ""] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(header) ?? [];
  // A bare IPv6 address has more than one colon and no port.
  return bracketed ?? (isIP(header) === 6 ? header : plain || header);
}

/** Is the Host header a name, rather than an address or nothing? */
export const isNamed = (header: string | null): boolean => {
  const hostname = hostnameOf(header ?? "");
  return hostname !== "" && isIP(hostname) === 0;
};

export interface HostRule {
  machine: Machine;
  /** The server is bound to loopback, and can be reached from this machine only. */
  isLoopback: boolean;
  /** OLLAMA_ALLOWED_HOSTS: names in lower case, `*.x` for those below x, `*` for every name. */
  allowed: readonly string[];
}

/**
 * May a request with this Host header reach the server? A page of another site can make its own name resolve to the server's
 * address, and then counts as the same origin (DNS rebinding, CVE-2024-28224); its name gives it away (docs/behaviour:
 * scheduler-and-env §5).
 *
 * Beyond loopback every address is one that somebody typed, and a name without a dot (that of a container, say) is not one that a
 * site of the internet can have.
 */
export function isAllowedHost(header: string | null, { machine, isLoopback, allowed }: HostRule): boolean {
  const hostname = hostnameOf(header ?? "").toLowerCase();
  if (hostname === "" || hostname === "localhost" || hostname === machine.hostname.toLowerCase()) return true;
  if (isIP(hostname) !== 0)
    return !isLoopback || isIn(nearby, hostname) || machine.addresses.includes(hostname);
  if (LOCAL_SUFFIXES.some((suffix) => hostname.endsWith(suffix))) return true;
  return (!isLoopback && isSingleLabel(hostname)) || allowed.some((pattern) => names(pattern, hostname));
}

const isSingleLabel = (hostname: string): boolean => /^[a-z0-9_-]+$/.test(hostname);

const names = (pattern: string, hostname: string): boolean =>
  pattern === "*" || (pattern.startsWith("*.") ? hostname.endsWith(pattern.slice(1)) : hostname === pattern);
