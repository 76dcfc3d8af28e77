import { unwrap } from "../client/index.ts";
import type { ParsedArgv } from "./argv.ts";
import type { Cli } from "./context.ts";

export async function cp(cli: Cli, argv: ParsedArgv): Promise<void> {
  const [source = "", destination = ""] = argv.args;
  unwrap(await cli.client.api.copy.post({ source, destination }));
  cli.stdout.write(`copied '${source}' to '${destination}'\n`);
}
