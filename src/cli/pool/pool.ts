import { type ParsedArgv, UsageError } from "../argv.ts";
import type { Cli } from "../context.ts";
import { poolInit } from "./init.ts";
import { poolStatus } from "./status.ts";

/** `pool init` and `pool status`. */
export async function pool(cli: Cli, argv: ParsedArgv): Promise<void> {
  switch (argv.args[0]) {
    case "init":
      return poolInit(cli, argv);
    case "status":
      return poolStatus(cli, argv);
    default:
      throw new UsageError(`unknown "pool ${argv.args[0]}"; there are: pool init, pool status`);
  }
}
