import { isIP } from "node:net";
import { isIn, LINK_LOCAL, LOOPBACK, networks, PRIVATE, plainAddress } from "../lib/address.ts";

const UNROUTED = networks(
  ...LOOPBACK,
  ...PRIVATE,
  ...LINK_LOCAL,
  ["0.0.0.0", 8],
  ["100.64.0.0", 10],
  ["192.0.0.0", 24],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
  ["::", 127],
  // NAT64: an IPv4 address in disguise.
  ["64:ff9b::", 96],
  ["ff00::", 8],
);

/** Is this IP address one that the internet does not route: loopback, private, link-local (cloud metadata), multicast? */
export const isPrivateAddress = (address: string): boolean =>
  isIP(plainAddress(address)) === 0 || isIn(UNROUTED, address);

/** `localhost` or a loopback address. */
export const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
