import { join, resolve } from "node:path";
import type { ImportLine } from "../client/index.ts";
import type { ParsedArgv } from "./argv.ts";
import type { Cli } from "./context.ts";
import { withStatusLine } from "./failure.ts";
import { shortId } from "./model-text.ts";
import { Progress } from "./progress/progress.ts";

/** Takes over an Ollama store, by default the user's own, and fails when a model had to be skipped. */
export async function importModels(cli: Cli, argv: ParsedArgv): Promise<void> {
  const path = resolve(argv.args[0] ?? join(cli.config.homeDir, "../.ollama/models"));
  const trust = argv.boolean("trust") === true && argv.boolean("verify") !== true;
  const lines: string[] = [];
  let skipped = 0;
  const progress = new Progress(cli.stderr, cli.now);
  try {
    for await (const line of withStatusLine(cli.client.importStore({ path, trust }))) {
      if (line.status === "importing") {
        progress.bar(`${line.model} ${shortId(line.digest.slice(7))}`, line.completed, line.total);
      } else lines.push(lineText(line));
      if (line.status === "skipped") skipped++;
    }
  } finally {
    progress.clear();
    cli.stdout.write(lines.join(""));
  }
  if (skipped > 0) throw new Error(`${skipped} of the store's models could not be imported`);
}

function lineText(line: Exclude<ImportLine, { status: "importing" }>): string {
  switch (line.status) {
    case "imported":
      return `imported '${line.model}'\n`;
    case "already there":
      return `'${line.model}' is already there\n`;
    case "skipped":
      return `skipped '${line.model}': ${line.reason}\n`;
    case "done":
      return `${line.imported} imported, ${line.already_there} already there, ${line.skipped} skipped\n`;
  }
}
