import { isIP, isIPv6 } from "node:net";
import { BadValue } from "./bad-value.ts";
import type { AgentAddress, HostConfig } from "./config.ts";

const FORMS = "host, host:port, :port, [IPv6]:port, scheme://host[:port][/path] or unix:///path";
const DEFAULT_HOST = "127.0.0.1";
const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ["", 11434],
  ["http", 80],
  ["https", 443],
]);

function parsePort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(port) || port > 65535) throw new BadValue(`a port from 0 to 65535, in ${FORMS}`);
  return port;
}

/** Host and port text of an authority; `port` undefined when there is none. */
function splitAuthority(text: string): { hostname: string; port: string | undefined } {
  if (isIPv6(text)) return { hostname: text, port: undefined };
  const match = /^(?:\[(?<v6>[^\]]*)\]|(?<name>[^:[\]]*))(?::(?<port>.*))?$/.exec(text);
  const { v6, name, port } = match?.groups ?? {};
  if (v6 !== undefined && isIPv6(v6)) return { hostname: v6, port };
  if (name === undefined || !/^[\w.-]*$/.test(name)) throw new BadValue(FORMS);
  return { hostname: name, port };
}

function parseUnix(path: string): HostConfig {
  if (!path.startsWith("/") || path === "/") throw new BadValue("an absolute path after unix://");
  // The name that goes into the Host header of requests over the socket.
  return { scheme: "http", hostname: "localhost", port: 80, path: "", unix: path };
}

/**
 * Reads OLLAMA_HOST (docs/behaviour: scheduler-and-env §3). Without a scheme the port is 11434, with one the scheme's own; `:port` means
 * every IPv4 address of the machine. Unlike in Ollama a bad port is refused and does not become the default.
 */
export function parseHost(text: string): HostConfig {
  if (text === "ollama.com") return { scheme: "https", hostname: text, port: 443, path: "" };
  const [, scheme = "", rest = ""] = /^(?:([A-Za-z][\w+.-]*):\/\/)?(.*)$/.exec(text) ?? [];
  if (scheme === "unix") return parseUnix(rest);
  const defaultPort = DEFAULT_PORTS.get(scheme);
  if (defaultPort === undefined) throw new BadValue(`the scheme http, https or unix, in ${FORMS}`);
  const [, authority = "", path = ""] = /^([^/]*)(.*)$/.exec(rest) ?? [];
  if (/[?#\s]/.test(path)) throw new BadValue(FORMS);
  const { hostname, port } = splitAuthority(authority);
  return {
    scheme: scheme === "https" ? "https" : "http",
    hostname: hostname || (port === undefined ? DEFAULT_HOST : "0.0.0.0"),
    port: port === undefined ? defaultPort : parsePort(port),
    path: path.replace(/\/+$/, ""),
  };
}

/** The URL of a host, always with its port; `unix://` and the path for a socket. */
export function printHost({ scheme, hostname, port, path, unix }: HostConfig): string {
  if (unix !== undefined) return `unix://${unix}`;
  return `${scheme}://${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port}${path}`;
}

/** Where a client on this machine reaches a server bound to `host`: an address that means "all of them" becomes loopback. */
export function reachableHost(host: HostConfig): HostConfig {
  if (isIP(host.hostname) === 0 || !/^[0:.]+$/.test(host.hostname)) return host;
  return { ...host, hostname: isIPv6(host.hostname) ? "::1" : DEFAULT_HOST };
}

const AGENT_FORMS = "host:port, [IPv6]:port or :port";

/** @returns undefined for no text. */
export function parseAgentAddress(text: string): AgentAddress | undefined {
  if (text === "") return undefined;
  if (!/:[1-9]\d*$/.test(text) || text.includes("/")) throw new BadValue(AGENT_FORMS);
  const { hostname, port } = parseHost(text);
  return { hostname, port };
}

/** The inverse of {@link parseAgentAddress}. */
export const printAgentAddress = (address: AgentAddress | undefined): string =>
  address === undefined
    ? ""
    : `${isIPv6(address.hostname) ? `[${address.hostname}]` : address.hostname}:${address.port}`;
