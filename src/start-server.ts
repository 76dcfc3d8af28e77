import { type Environment, resolveConfig } from "./config/resolve.ts";
import { VARIABLES } from "./config/variables.ts";
import { messageOf } from "./lib/errors.ts";
import { createLogger } from "./lib/logger.ts";
import { serve } from "./serve.ts";

/**
 * Runs the server until it is told to stop. Where the log is JSON lines, an error that it ends by is one too, whatever the error is:
 * a bad variable, a port in use, a bug.
 *
 * @returns the exit code.
 * @throws what the server ends by, where the log is text.
 */
export async function startServer(env: Environment, homedir: string, version: string): Promise<number> {
  const start = () => serve(resolveConfig(env, { homedir }), env, version);
  if (env[VARIABLES.logFormat.name] !== "json") return start().then(() => 0);
  const logger = createLogger("error", "json");
  const crash = (error: unknown): void => {
    logger.error("crashed", {
      error: messageOf(error),
      stack: error instanceof Error ? error.stack : undefined,
    });
    process.exit(1);
  };
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
  try {
    await start();
    return 0;
  } catch (error) {
    logger.error("ended", { error: messageOf(error) });
    return 1;
  }
}
