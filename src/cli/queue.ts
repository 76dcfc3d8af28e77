import { unwrap } from "../client/index.ts";
import type { ParsedArgv } from "./argv.ts";
import type { Cli } from "./context.ts";
import { wantsJson, writeJson } from "./json.ts";
import { remaining } from "./progress/bar.ts";
import { renderTable } from "./table.ts";

const HEADER = ["POSITION", "MODEL", "WAITS FOR", "WAITED", "KIND", "CALLER"];

/** Prints the requests that wait, the next one first. */
export async function queue(cli: Cli, argv: ParsedArgv): Promise<void> {
  const { queued } = unwrap(await cli.client.api.queue.get());
  if (wantsJson(argv)) return writeJson(cli, queued);
  const rows = queued.map(({ position, model, waits_for: what, waiting_ms: waited, batch, yours }) => [
    String(position),
    model,
    what,
    remaining(waited / 1000),
    batch ? "batch" : "interactive",
    yours ? "you" : "another",
  ]);
  cli.stdout.write(renderTable(HEADER, rows));
}
