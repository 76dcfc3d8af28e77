import { type UsageEntry, unwrap } from "../client/index.ts";
import { defined } from "../lib/defined.ts";
import type { ParsedArgv } from "./argv.ts";
import type { Cli } from "./context.ts";
import { wantsJson, writeJson } from "./json.ts";
import { renderTable } from "./table.ts";

const HEADER = ["TIME", "MODEL", "KEY", "REQUESTS", "ERRORS", "PROMPT", "CACHED", "OUTPUT", "FIRST TOKEN"];

/** Prints how much each model and API key was used, day by day, or hour by hour with `--hours`. */
export async function showUsage(cli: Cli, argv: ParsedArgv): Promise<void> {
  const bucket = argv.boolean("hours") === true ? "hour" : "day";
  const since = argv.text("since");
  const [key, model] = [argv.text("key"), argv.text("model")];
  const query = {
    bucket,
    group: "model,key",
    ...defined({ from: since, key, model }),
  } as const;
  const reply = unwrap(await cli.client.api.usage.get({ query }));
  if (wantsJson(argv)) return writeJson(cli, reply);
  if (reply.usage.length === 0) return cli.stdout.write("nothing was asked\n");
  cli.stdout.write(
    renderTable(
      HEADER,
      reply.usage.map((entry) => rowOf(entry, bucket)),
    ),
  );
}

const rowOf = (entry: UsageEntry, bucket: "hour" | "day"): string[] => [
  bucket === "day" ? entry.start.slice(0, 10) : entry.start.slice(0, 16).replace("T", " "),
  entry.model ?? "",
  entry.key_name ?? entry.key ?? "-",
  String(entry.requests),
  String(entry.errors),
  String(entry.prompt_tokens),
  shareOf(entry.cached_tokens, entry.prompt_tokens),
  String(entry.output_tokens),
  entry.first_tokens === 0 ? "-" : `${Math.round(entry.first_token_ms / entry.first_tokens)} ms`,
];

const shareOf = (part: number, whole: number): string =>
  whole === 0 ? "-" : `${Math.round((100 * part) / whole)}%`;
