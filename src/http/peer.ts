import { isIP } from "node:net";
import type { TrustedProxy } from "../config/config.ts";
import { isIn, LINK_LOCAL, LOOPBACK, networks, PRIVATE, plainAddress } from "../lib/address.ts";
import { hostnameOf, isAllowedHost, type Machine } from "./host-check.ts";

/** How near a caller is: on this machine, in the same private network, or anywhere else. */
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

/** Headers that show a proxy without naming the caller. */
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

/** The addresses that proxies name; undefined where the headers show no proxy. An entry that is no address is kept, and counts as far away. */
function forwarded(headers: Headers): string[] | undefined {
  const listed = ADDRESS_HEADERS.flatMap((name) => headers.get(name)?.split(",") ?? []);
  const all = [...listed, ...forwardedFor(headers.get("forwarded") ?? "")].map((entry) =>
    hostnameOf(entry.trim()),
  );
  return all.length > 0 || PROXY_HEADERS.some((name) => headers.has(name)) ? all : undefined;
}

/** Tells the caller of a request by its headers and the address of its connection. */
export type PeerFinder = (headers: Headers, address: string | undefined) => Peer;

/**
 * Finds out who sends a request. A trusted proxy is believed: the last address of its list that is no trusted proxy is the caller.
 * Headers of other proxies count only against the caller, since anybody can send them: a caller behind a proxy is never on this machine,
 * and is as far away as the farthest address that the proxy names. Behind a proxy that names no address anybody may be. A proxy without
 * such headers is noticed by a Host header with a name that this machine does not have.
 *
 * The returned function's `address` is the connection's other end; undefined when that is not known, "" on a unix socket, whose callers
 * are on this machine.
 *
 * @param trusted OLLAMA_TRUSTED_PROXIES.
 */
export function peerFinder(machine: Machine, trusted: readonly TrustedProxy[]): PeerFinder {
  const proxies = networks(...trusted.filter((proxy) => proxy !== "unix"));
  const isTrusted = (address: string): boolean =>
    address === "" ? trusted.includes("unix") : isIn(proxies, address);

  return (headers, address) => {
    if (address === undefined) return { address: "", nearness: "public" };
    const named = isTrusted(address) ? namedBy(headers, isTrusted) : undefined;
    if (named !== undefined) {
      const isAddress = isIP(named) !== 0;
      return { address: isAddress ? named : "", nearness: isAddress ? nearnessOf(named, machine) : "public" };
    }
    const direct = address === "" ? "loopback" : nearnessOf(address, machine);
    return { address, nearness: farther(direct, farthestSaid(headers, direct, machine)) };
  };
}

/** The caller that a trusted proxy names; undefined where it names nobody. */
function namedBy(headers: Headers, isTrusted: (address: string) => boolean): string | undefined {
  const chain = (headers.get("x-forwarded-for") ?? "")
    .split(",")
    .map((entry) => plainAddress(hostnameOf(entry.trim())))
    .filter((entry) => entry !== "");
  return chain.findLast((address) => !isTrusted(address)) ?? chain[0];
}

/** How near a caller is by the headers, trusted or not. @param direct how near the connection's other end is. */
function farthestSaid(headers: Headers, direct: Nearness, machine: Machine): Nearness {
  const through = forwarded(headers);
  if (through === undefined)
    return direct === "loopback" && isForeignHost(headers.get("host"), machine) ? "public" : direct;
  const named = through.map((one) => (isIP(one) === 0 ? "public" : nearnessOf(one, machine)));
  return named.reduce<Nearness>(farther, named.length === 0 ? "public" : "private");
}

/**
 * Is this the name of a site? A program on this machine has no reason to call it by one; a proxy hands on the name that its callers
 * use.
 */
const isForeignHost = (header: string | null, machine: Machine): boolean =>
  !isAllowedHost(header, { machine, isLoopback: false, allowed: [] });
