import { unwrap } from "../client/index.ts";
import { formatBytes } from "../lib/humanize.ts";
import type { ParsedArgv } from "./argv.ts";
import type { Cli } from "./context.ts";
import { shortId } from "./model-text.ts";
import { renderTable } from "./table.ts";

/** Lists files that nothing needs, or with `--cache` the prompts that are cached on disk; `--force` removes them. */
export async function prune(cli: Cli, argv: ParsedArgv): Promise<void> {
  const force = argv.boolean("force") === true;
  const cache = argv.boolean("cache") === true;
  const { files, bytes } = unwrap(
    await cli.client.api.prune.post({ dry_run: !force, ...(cache && { cache }) }),
  );
  if (files.length === 0) return cli.stdout.write("nothing to remove\n");
  const rows = files.map(({ digest, kind, size }) => [shortId(digest.slice(7)), kind, formatBytes(size)]);
  cli.stdout.write(renderTable(["BLOB", "KIND", "SIZE"], rows));
  cli.stdout.write(
    force
      ? `${formatBytes(bytes)} freed\n`
      : `${formatBytes(bytes)} can be freed: ${cli.program} prune ${cache ? "--cache " : ""}--force\n`,
  );
}
