import type { PullRequest } from "../../client/index.ts";
import type { Cli } from "../context.ts";
import { showTransfer } from "../progress/show-transfer.ts";

/** Has the server pull a model. */
export const pullModel = (cli: Cli, request: PullRequest): Promise<void> =>
  showTransfer(cli, cli.client.pull(request));
