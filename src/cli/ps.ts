import { type RunningModel, unwrap } from "../client/index.ts";
import { formatBytes } from "../lib/humanize.ts";
import { relativeTime } from "../lib/relative-time.ts";
import type { ParsedArgv } from "./argv.ts";
import type { Cli } from "./context.ts";
import { wantsJson, writeJson } from "./json.ts";
import { shortId, withPrefix } from "./model-text.ts";
import { renderTable } from "./table.ts";

export async function ps(cli: Cli, argv: ParsedArgv): Promise<void> {
  const prefix = argv.args[0] ?? "";
  const { models } = unwrap(await cli.client.api.ps.get());
  if (wantsJson(argv)) return writeJson(cli, withPrefix(models, prefix));
  cli.stdout.write(psTable(models, prefix, cli.now()));
}

/** The table of loaded models whose names start with `prefix`, in the server's order (docs/behaviour: cli §3). */
export function psTable(models: readonly RunningModel[], prefix: string, now: number): string {
  const shown = withPrefix(models, prefix);
  // A last column, and only where there is something to tell: scripts read Ollama's columns.
  const caches = shown.some(({ cache }) => cache !== undefined && cache.memory + cache.disk > 0);
  const rows = shown.map((model) => [
    model.name,
    shortId(model.digest),
    formatBytes(model.size),
    processorText(model.size, model.size_vram),
    String(model.context_length),
    untilText(Date.parse(model.expires_at), now),
    ...(caches ? [cacheText(model.cache)] : []),
  ]);
  const titles = ["NAME", "ID", "SIZE", "PROCESSOR", "CONTEXT", "UNTIL", ...(caches ? ["CACHE"] : [])];
  return renderTable(titles, rows);
}

/** Evaluated prompts that are kept, e.g. `36 MB + 1.2 GB on disk`. */
const cacheText = ({ memory, disk }: NonNullable<RunningModel["cache"]> = { memory: 0, disk: 0 }): string =>
  disk === 0 ? formatBytes(memory) : `${formatBytes(memory)} + ${formatBytes(disk)} on disk`;

/** How a model's bytes are divided between CPU and GPU, e.g. `25%/75% CPU/GPU`. */
export function processorText(size: number, sizeVram: number): string {
  if (sizeVram === 0) return "100% CPU";
  if (sizeVram === size) return "100% GPU";
  if (sizeVram > size || size === 0) return "Unknown";
  const cpu = Math.round(((size - sizeVram) / size) * 100);
  return `${cpu}%/${100 - cpu}% CPU/GPU`;
}

function untilText(expiresAt: number, now: number): string {
  return expiresAt < now ? "Stopping..." : relativeTime(expiresAt, now);
}
