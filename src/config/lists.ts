import { isIP } from "node:net";
import type { Network } from "../lib/address.ts";
import { BadValue } from "./bad-value.ts";
import type { TrustedProxy } from "./config.ts";
import { listEntries } from "./parsers.ts";

const HOST_NAME = /^(\*|(\*\.)?[a-z0-9_][a-z0-9_.-]*)$/;

/** Names for Host headers, in lower case; see {@link Config.allowedHosts}. */
export function parseHostNames(text: string): string[] {
  const names = listEntries(text.toLowerCase());
  if (names.every((name) => HOST_NAME.test(name))) return names;
  throw new BadValue("names without a port, such as llm.example, *.example or *, separated by commas");
}

const REGISTRY = /^(\*|(\*\.)?[A-Za-z0-9_][A-Za-z0-9_.-]*(:\d{1,5})?|\[[0-9A-Fa-f:]+\](:\d{1,5})?)$/;

/** Hosts of registries; see {@link Config.allowedRegistries}. */
export function parseRegistries(text: string): string[] {
  const hosts = listEntries(text);
  if (hosts.every((host) => REGISTRY.test(host))) return hosts;
  throw new BadValue("hosts such as registry.example or localhost:5000, *.example or *, separated by commas");
}

/** Of OLLAMA_TRUSTED_PROXIES: addresses and networks (`10.0.0.0/8`), and `unix`. */
export const parseTrustedProxies = (text: string): TrustedProxy[] =>
  listEntries(text.toLowerCase()).map((entry) => (entry === "unix" ? entry : parseNetwork(entry)));

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
