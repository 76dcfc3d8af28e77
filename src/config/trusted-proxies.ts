import { isIP } from "node:net";
import type { Network } from "../lib/address.ts";
import { BadValue } from "./bad-value.ts";
import type { TrustedProxy } from "./config.ts";

/** Of OLLAMA_TRUSTED_PROXIES: addresses and networks (`10.0.0.0/8`), and `unix`, separated by commas. */
export const parseTrustedProxies = (text: string): TrustedProxy[] =>
  text
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "")
    .map((entry) => (entry === "unix" ? entry : parseNetwork(entry)));

function parseNetwork(entry: string): Network {
  const [, address = "", length] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const prefix = length === undefined ? bits : Number(length);
  if (bits === -1 || prefix > bits) {
    throw new BadValue("addresses, networks such as 10.0.0.0/8, or unix, separated by commas");
  }
  return [address, prefix];
}

/** The inverse of {@link parseTrustedProxies}. */
export const printTrustedProxies = (proxies: readonly TrustedProxy[]): string =>
  proxies.map((proxy) => (proxy === "unix" ? proxy : proxy.join("/"))).join(",");
