import type { PullRequest } from "../../client/index.ts";
import type { Cli } from "../context.ts";
import { withStatusLine } from "../failure.ts";
import { Progress } from "../progress/progress.ts";

/** Has the server pull a model, and shows a bar for each layer once it has begun (spec: cli §7). */
export async function pullModel(cli: Cli, request: PullRequest): Promise<void> {
  using progress = new Progress(cli.stderr, cli.now);
  for await (const line of withStatusLine(cli.client.pull(request))) {
    if (line.digest === undefined) progress.status(line.status);
    else if (line.completed) progress.bar(line.status, line.completed, line.total ?? 0);
  }
}
