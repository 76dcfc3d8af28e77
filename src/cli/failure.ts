import { LlameroError } from "../client/index.ts";
import { printHost, reachableHost } from "../config/host.ts";
import { codeOf } from "../lib/error-code.ts";
import { messageOf } from "../lib/errors.ts";
import type { Cli } from "./context.ts";

/** Codes of a connection that never was: Node's and Bun's. */
const NOBODY = ["ECONNREFUSED", "ConnectionRefused", "FailedToOpenSocket"];
/** Codes of a connection that ended before its reply did: Node's and Bun's. */
const LOST = ["ECONNRESET", "EPIPE", "ConnectionClosed", "UND_ERR_SOCKET"];

/** The message when no server answers: the address that was tried, and the command that starts a server, as the user would type it. */
export const notRunning = (cli: Cli): string =>
  `could not connect to ${serverOf(cli)}, run '${cli.program} serve' to start it`;

const serverOf = ({ config }: Cli): string => `llamero server at ${printHost(reachableHost(config.host))}`;

/** A failure in the user's words. */
export function reasonOf(cli: Cli, error: unknown): string {
  const code = error instanceof LlameroError ? codeOf(error.cause) : "";
  if (NOBODY.includes(code)) return notRunning(cli);
  return LOST.includes(code) ? `the connection to ${serverOf(cli)} was lost` : messageOf(error);
}

/**
 * The lines of a streaming endpoint, whose refusals show the HTTP status in front of the server's text, as in
 * `400 Bad Request: "m" does not support thinking`; errors within the stream stay bare (docs/behaviour: cli §1).
 */
export async function* withStatusLine<T>(lines: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* lines;
  } catch (error) {
    if (!(error instanceof LlameroError) || error.status < 400) throw error;
    const { status, statusText, message } = error;
    throw new LlameroError(status, `${`${status} ${statusText}`.trim()}: ${message}`, {
      statusText,
      cause: error,
    });
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof LlameroError && error.status === 404;
}
