import { isIPv6 } from "node:net";
import { BadValue } from "./bad-value.ts";
import type { AgentAddress } from "./config.ts";
import { parseHost } from "./host.ts";

const FORMS = "host:port, [IPv6]:port or :port";

/** @returns undefined for no text. */
export function parseAgentAddress(text: string): AgentAddress | undefined {
  if (text === "") return undefined;
  if (!/:[1-9]\d*$/.test(text) || text.includes("/")) throw new BadValue(FORMS);
  const { hostname, port } = parseHost(text);
  return { hostname, port };
}

/** The inverse of {@link parseAgentAddress}. */
export const printAgentAddress = (address: AgentAddress | undefined): string =>
  address === undefined
    ? ""
    : `${isIPv6(address.hostname) ? `[${address.hostname}]` : address.hostname}:${address.port}`;
