import { LlameroError } from "../../src/client/error.ts";
import { AppError } from "../../src/lib/errors.ts";

/** A failure that a script explains in one line; everything else is a bug and keeps its stack. */
export class Failure extends Error {
  override readonly name = "Failure";
}

/** Failures that say enough in their message: a script's own, a refusal of the configuration, what this machine lacks, and what the server replies. */
const isExplained = (error: unknown): error is Error =>
  error instanceof Failure ||
  error instanceof LlameroError ||
  (error instanceof AppError && (error.kind === "bad_request" || error.kind === "unsupported"));

/** Runs a script's main function; an explained failure becomes one line on stderr and exit code 1. */
export async function runScript(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!isExplained(error)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = 1;
  }
}
