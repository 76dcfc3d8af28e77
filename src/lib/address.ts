import { BlockList, isIP } from "node:net";

/** A network: its address and the length of its prefix in bits. */
export type Network = readonly [address: string, prefix: number];

const familyOf = (address: string): "ipv4" | "ipv6" => (isIP(address) === 6 ? "ipv6" : "ipv4");

/** A list of networks, to be asked with {@link isIn}. */
export function networks(...list: readonly Network[]): BlockList {
  const found = new BlockList();
  for (const [address, prefix] of list) found.addSubnet(address, prefix, familyOf(address));
  return found;
}

export const LOOPBACK: readonly Network[] = [
  ["127.0.0.0", 8],
  ["::1", 128],
];

/** Of homes, companies and containers (RFC 1918, RFC 4193). */
export const PRIVATE: readonly Network[] = [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["fc00::", 7],
];

/** Addresses that machines on one link give themselves (RFC 3927, RFC 4291). Clouds answer with secrets at 169.254.169.254. */
export const LINK_LOCAL: readonly Network[] = [
  ["169.254.0.0", 16],
  ["fe80::", 10],
];

/** An IPv4 address that is written as an IPv6 one (`::ffff:127.0.0.1`, `::ffff:7f00:1`) as itself; any other text as it is. */
export function plainAddress(address: string): string {
  const tail = /^::ffff:(.+)$/i.exec(address)?.[1];
  if (tail === undefined) return address;
  if (isIP(tail) === 4) return tail;
  const [, high, low] = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(tail) ?? [];
  if (high === undefined || low === undefined) return address;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return `${a >> 8}.${a & 255}.${b >> 8}.${b & 255}`;
}

/** Is this an IP address of one of the networks? False for what is no address. */
export function isIn(list: BlockList, address: string): boolean {
  const plain = plainAddress(address);
  return isIP(plain) !== 0 && list.check(plain, familyOf(plain));
}
