import { BlockList, isIP } from "node:net";

/** The machine's own names and addresses. */
export interface Machine {
  hostname: string;
  /** Addresses of its interfaces. */
  addresses: readonly string[];
}

const LOCAL_SUFFIXES = [".localhost", ".local", ".internal"];

const family = (address: string): "ipv4" | "ipv6" => (isIP(address) === 6 ? "ipv6" : "ipv4");

function subnets(...ranges: [address: string, prefix: number][]): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of ranges) list.addSubnet(address, prefix, family(address));
  return list;
}

const LOOPBACK = subnets(["127.0.0.0", 8], ["::1", 128]);

/** Loopback, private and unspecified addresses: none of them is a public site's. */
const NEARBY = subnets(
  ["127.0.0.0", 8],
  ["::1", 128],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["fc00::", 7],
  ["0.0.0.0", 32],
  ["::", 128],
);

const within = (list: BlockList, address: string): boolean =>
  isIP(address) !== 0 && list.check(address, family(address));

/** Is `hostname` this machine talking to itself? Only then does a foreign Host header mean an attack. */
export const isLoopbackHost = (hostname: string): boolean =>
  hostname === "localhost" || within(LOOPBACK, hostname);

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

/**
 * May a request with this Host header reach a server that is bound to loopback? A page of another site can make its own name
 * resolve to 127.0.0.1, and then counts as the same origin (CVE-2024-28224); its name gives it away (spec: scheduler-and-env §5).
 */
export function isAllowedHost(header: string | null, machine: Machine): boolean {
  const hostname = hostnameOf(header ?? "").toLowerCase();
  if (hostname === "" || hostname === "localhost" || hostname === machine.hostname.toLowerCase()) return true;
  if (isIP(hostname) !== 0) return within(NEARBY, hostname) || machine.addresses.includes(hostname);
  return LOCAL_SUFFIXES.some((suffix) => hostname.endsWith(suffix));
}
