import type { ParsedArgv } from "./argv.ts";
import type { Cli } from "./context.ts";

export async function cp(cli: Cli, argv: ParsedArgv): Promise<void> {
  const [source = "", destination = ""] = argv.args;
  await cli.client.copy(source, destination);
  cli.stdout.write(`copied '${source}' to '${destination}'\n`);
}
