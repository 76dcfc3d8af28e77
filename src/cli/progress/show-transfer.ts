import type { PullProgress } from "../../client/index.ts";
import type { Cli } from "../context.ts";
import { withStatusLine } from "../failure.ts";
import { Progress } from "./progress.ts";

/** Shows a pull or push to its end: its states, and a bar for each layer once it has begun (docs/behaviour: cli §7). */
export async function showTransfer(cli: Cli, lines: AsyncIterable<PullProgress>): Promise<void> {
  using progress = new Progress(cli.stderr, cli.now);
  for await (const line of withStatusLine(lines)) {
    if (line.digest === undefined) progress.status(line.status);
    else if (line.completed) progress.bar(line.status, line.completed, line.total ?? 0);
  }
}
