import { type ParsedArgv, UsageError } from "./argv.ts";
import type { Cli } from "./context.ts";

/** `engine add vision`: builds what lets models see, ahead of the first one that wants it. */
export async function engine(cli: Cli, argv: ParsedArgv): Promise<void> {
  const [action = "", what = ""] = argv.args;
  if (action !== "add" || what !== "vision") {
    throw new UsageError(`unknown "${[action, what].join(" ").trim()}"; there is: engine add vision`);
  }
  await cli.installVision((line) => cli.stdout.write(`${line}\n`));
}
