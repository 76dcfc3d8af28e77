import { LlameroError } from "../client/index.ts";

export const NOT_RUNNING = "could not connect to llamero server, run 'llamero serve' to start it";

/**
 * The lines of a streaming endpoint, whose refusals show the HTTP status in front of the server's text, as in
 * `400 Bad Request: "m" does not support thinking`; errors within the stream stay bare (spec: cli §1).
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

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
