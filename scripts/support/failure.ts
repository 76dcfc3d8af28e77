/** A failure that a script explains in one line; everything else is a bug and keeps its stack. */
export class Failure extends Error {
  override readonly name = "Failure";
}

/** Runs a script's main function; a {@link Failure} becomes one line on stderr and exit code 1. */
export async function runScript(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = 1;
  }
}

/** The code of a system error such as `ENOSPC`; undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
