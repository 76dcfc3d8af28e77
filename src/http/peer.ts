import { isIP } from "node:net";
import { isIn, LINK_LOCAL, LOOPBACK, networks, PRIVATE } from "../lib/address.ts";
import { hostnameOf, type Machine } from "./host-check.ts";

/** From how far a request comes: a program on this machine, a machine of the same private network, or anywhere. */
export type Nearness = "loopback" | "private" | "public";

/** The other end of a request's connection. */
export interface Peer {
  /** "" where there is none, as on a unix socket. */
  address: string;
  nearness: Nearness;
}

const loopback = networks(...LOOPBACK);
const nearby = networks(...PRIVATE, ...LINK_LOCAL);

/** Headers in which proxies name the caller, as a list of addresses. */
const ADDRESS_HEADERS = [
  "x-forwarded-for",
  "x-real-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "x-original-forwarded-for",
  "cf-connecting-ip",
  "true-client-ip",
  "fastly-client-ip",
  "fly-client-ip",
];

/** Headers that tell of a proxy without naming the caller. */
const PROXY_HEADERS = [
  "forwarded",
  "via",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-forwarded-server",
];

const ORDER: readonly Nearness[] = ["loopback", "private", "public"];
const farther = (one: Nearness, other: Nearness): Nearness =>
  ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other;

function nearnessOf(address: string, { addresses }: Machine): Nearness {
  if (isIn(loopback, address) || addresses.includes(address)) return "loopback";
  return isIn(nearby, address) ? "private" : "public";
}

/** `for=` of a Forwarded header (RFC 7239). */
const forwardedFor = (header: string): string[] =>
  [...header.matchAll(/(?:^|[;,\s])for=(?:"([^"]*)"|([^;,\s]*))/gi)].map(
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );

/** The addresses that proxies name; undefined where no proxy shows. What is no address is kept, and counts as far away. */
function forwarded(headers: Headers): string[] | undefined {
  const listed = ADDRESS_HEADERS.flatMap((name) => headers.get(name)?.split(",") ?? []);
  const all = [...listed, ...forwardedFor(headers.get("forwarded") ?? "")].map((entry) =>
    hostnameOf(entry.trim()),
  );
  return all.length > 0 || PROXY_HEADERS.some((name) => headers.has(name)) ? all : undefined;
}

/**
 * Who sends a request. What proxies say counts, but only against the caller, since anybody can say it: through a proxy he is never
 * on this machine, and is as far away as the farthest address that is named. A proxy that names nobody may speak for anybody.
 *
 * @param address the connection's other end; undefined when that is not known, "" on a unix socket, whose callers are on this machine.
 */
export function peerOf(headers: Headers, address: string | undefined, machine: Machine): Peer {
  if (address === undefined) return { address: "", nearness: "public" };
  const direct = address === "" ? "loopback" : nearnessOf(address, machine);
  const through = forwarded(headers);
  if (through === undefined) return { address, nearness: direct };
  const named = through.map((one) => (isIP(one) === 0 ? "public" : nearnessOf(one, machine)));
  const farthest = named.reduce<Nearness>(farther, named.length === 0 ? "public" : "private");
  return { address, nearness: farther(direct, farthest) };
}
