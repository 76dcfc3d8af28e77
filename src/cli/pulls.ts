import { unwrap } from "../client/index.ts";
import { formatBytes } from "../lib/humanize.ts";
import type { ParsedArgv } from "./argv.ts";
import type { Cli } from "./context.ts";
import { wantsJson, writeJson } from "./json.ts";
import { remaining } from "./progress/bar.ts";
import { renderTable } from "./table.ts";

const HEADER = ["ID", "NAME", "STATE", "DONE", "SIZE", "RATE", "LEFT", "ERROR"];

/** Prints the pulls, also those that have ended. */
export async function listPulls(cli: Cli, argv: ParsedArgv): Promise<void> {
  const { pulls: all } = unwrap(await cli.client.api.pulls.get());
  if (wantsJson(argv)) return writeJson(cli, all);
  const rows = all.map(({ id, model, state, completed, total, rate, seconds_left: left, error }) => [
    String(id),
    model,
    state,
    formatBytes(completed),
    formatBytes(total),
    rate > 0 ? `${formatBytes(rate)}/s` : "-",
    left === undefined ? "-" : remaining(left),
    error ?? "",
  ]);
  cli.stdout.write(renderTable(HEADER, rows));
}
