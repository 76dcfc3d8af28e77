import { type ListedModel, unwrap } from "../client/index.ts";
import { formatBytes } from "../lib/humanize.ts";
import { relativeTime } from "../lib/relative-time.ts";
import type { ParsedArgv } from "./argv.ts";
import type { Cli } from "./context.ts";
import { wantsJson, writeJson } from "./json.ts";
import { shortId, withPrefix } from "./model-text.ts";
import { renderTable } from "./table.ts";

export async function listModels(cli: Cli, argv: ParsedArgv): Promise<void> {
  const prefix = argv.args[0] ?? "";
  const { models } = unwrap(await cli.client.api.tags.get());
  if (wantsJson(argv)) return writeJson(cli, withPrefix(models, prefix));
  cli.stdout.write(listTable(models, prefix, cli.now()));
}

/** The table of installed models whose names start with `prefix`, in the server's order (docs/behaviour: cli §3). */
export function listTable(models: readonly ListedModel[], prefix: string, now: number): string {
  const rows = withPrefix(models, prefix).map((model) => [
    model.name,
    shortId(model.digest),
    model.remote_model ? "-" : formatBytes(model.size),
    relativeTime(Date.parse(model.modified_at), now),
  ]);
  return renderTable(["NAME", "ID", "SIZE", "MODIFIED"], rows);
}
