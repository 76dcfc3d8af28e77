import type { Environment } from "./resolve.ts";

/** What the environment says about the terminal. */
export interface TerminalSettings {
  /** NO_COLOR is set to anything: no colours. */
  readonly noColor: boolean;
  /** TERM is `dumb`: no escape sequences at all. */
  readonly dumb: boolean;
}

export function terminalSettings(env: Environment): TerminalSettings {
  return { noColor: Boolean(env.NO_COLOR), dumb: env.TERM === "dumb" };
}
