import { unwrap } from "../client/index.ts";
import { messageOf } from "../lib/errors.ts";
import type { ParsedArgv } from "./argv.ts";
import type { Cli } from "./context.ts";
import { isNotFound } from "./failure.ts";
import { unload } from "./stop.ts";

/**
 * Removes each named model. Unlike Ollama it goes on after one that fails, then fails with that model's error.
 */
export async function rm(cli: Cli, argv: ParsedArgv): Promise<void> {
  const failures: string[] = [];
  for (const model of argv.args) {
    try {
      await removeOne(cli, model);
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  if (failures.length > 0) throw new Error(failures.join("\nError: "));
}

async function removeOne(cli: Cli, model: string): Promise<void> {
  try {
    await unload(cli, model);
  } catch (error) {
    if (!isNotFound(error)) cli.stderr.write(`Warning: unable to stop model '${model}'\n`);
  }
  unwrap(await cli.client.api.delete.delete({ model }));
  cli.stdout.write(`deleted '${model}'\n`);
}
