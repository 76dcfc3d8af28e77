import { isIPv6 } from "node:net";
import { BadValue } from "../../config/bad-value.ts";
import type { HostConfig } from "../../config/config.ts";
import { parseHost, reachableHost } from "../../config/host.ts";
import { UsageError } from "../argv.ts";

/** One server of a pool. */
export interface Member {
  /** The server as the user wrote it; its name in errors and tables. */
  text: string;
  host: HostConfig;
}

/**
 * The servers of `--servers`, each in a form of OLLAMA_HOST, separated by commas.
 *
 * @throws UsageError for none, for one that cannot be read, for a unix socket, a path, or one that is named twice.
 */
export function parseMembers(list: string | undefined): Member[] {
  const texts = (list ?? "")
    .split(",")
    .map((text) => text.trim())
    .filter((text) => text !== "");
  if (texts.length === 0)
    throw new UsageError("--servers names the pool's servers: --servers a:11434,b:11434");
  const members = texts.map((text) => ({ text, host: hostOf(text) }));
  const twice = members.find(({ host }, at) =>
    members.slice(0, at).some((other) => authorityOf(other.host) === authorityOf(host)),
  );
  if (twice !== undefined) throw new UsageError(`--servers names ${twice.text} twice`);
  return members;
}

function hostOf(text: string): HostConfig {
  try {
    const host = reachableHost(parseHost(text));
    if (host.unix !== undefined || host.path !== "")
      throw new BadValue("host, host:port or scheme://host[:port]");
    return host;
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
    throw new UsageError(`--servers: ${JSON.stringify(text)} is no server: ${error.message}`);
  }
}

/** `host:port`, an IPv6 address in brackets. */
export const authorityOf = ({ hostname, port }: HostConfig): string => `${bracketed(hostname)}:${port}`;

const bracketed = (hostname: string): string => (isIPv6(hostname) ? `[${hostname}]` : hostname);
