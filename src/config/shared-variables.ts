import type { Environment } from "./resolve.ts";

/** Settings of the terminal, by the environment. */
export interface TerminalSettings {
  /** NO_COLOR is set to anything: no colours. */
  readonly noColor: boolean;
  /** TERM is `dumb`: no escape sequences at all. */
  readonly dumb: boolean;
}

export function terminalSettings(env: Environment): TerminalSettings {
  return { noColor: Boolean(env.NO_COLOR), dumb: env.TERM === "dumb" };
}

/** Whether requests of a protocol, `http:` or `https:`, may go through a proxy, which then looks names up. Bun reads these variables. */
export function hasProxy(env: Environment, protocol: string): boolean {
  const name = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  return Boolean(env[name] || env[name.toLowerCase()]);
}
