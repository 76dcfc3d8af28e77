import { type ListedModel, type RunningModel, unwrap } from "../../client/index.ts";
import { messageOf } from "../../lib/errors.ts";
import { formatBytes } from "../../lib/humanize.ts";
import type { ParsedArgv } from "../argv.ts";
import { connect } from "../connect.ts";
import type { Cli } from "../context.ts";
import { wantsJson, writeJson } from "../json.ts";
import { renderTable } from "../table.ts";
import { type Member, parseMembers } from "./member.ts";

/** A member that sends nothing for so long counts as one that does not answer. */
const TIMEOUT_MS = 5000;

/** The state of a member, or why it is unknown. */
export type MemberReport =
  | { server: string; error: string }
  | { server: string; version: string; models: ListedModel[]; running: RunningModel[]; queued: number };

/** `pool status`: a line for each member, all asked at the same time. One that does not answer has a line as well, and fails nothing. */
export async function poolStatus(cli: Cli, argv: ParsedArgv): Promise<void> {
  const reports = await Promise.all(
    parseMembers(argv.text("servers")).map((member) => ask(member, cli.config.apiKey)),
  );
  if (wantsJson(argv)) return writeJson(cli, reports);
  cli.stdout.write(poolTable(reports));
}

/** All members are sent the same key. */
async function ask({ text, host }: Member, apiKey: string): Promise<MemberReport> {
  const { api } = connect({ host, apiKey });
  const within = { signal: AbortSignal.timeout(TIMEOUT_MS) };
  try {
    const [version, tags, ps, queue] = await Promise.all([
      api.version.get(within),
      api.tags.get(within),
      api.ps.get(within),
      api.queue.get(within),
    ]);
    return {
      server: text,
      version: versionOf(unwrap(version)),
      models: unwrap(tags).models,
      running: unwrap(ps).models,
      queued: unwrap(queue).queued.length,
    };
  } catch (error) {
    return { server: text, error: messageOf(error) };
  }
}

const HEADER = ["SERVER", "VERSION", "MODELS", "LOADED", "SLOTS", "QUEUE", "CACHE", "STATE"];

/** The table of a pool's members, in the order in which they were named. */
export const poolTable = (reports: readonly MemberReport[]): string =>
  renderTable(
    HEADER,
    reports.map((report) =>
      "error" in report ? [report.server, ...Array(6).fill("-"), report.error] : rowOf(report),
    ),
  );

function rowOf({
  server,
  version,
  models,
  running,
  queued,
}: Exclude<MemberReport, { error: string }>): string[] {
  const sum = (count: (model: RunningModel) => number): number =>
    running.reduce((total, model) => total + count(model), 0);
  const memory = sum(({ cache }) => cache?.memory ?? 0);
  const disk = sum(({ cache }) => cache?.disk ?? 0);
  return [
    server,
    version,
    String(models.length),
    running.map(({ name }) => name).join(", ") || "-",
    `${sum(({ active }) => active ?? 0)}/${sum(({ slots }) => slots ?? 0)}`,
    String(queued),
    disk === 0 ? formatBytes(memory) : `${formatBytes(memory)} + ${formatBytes(disk)} on disk`,
    "up",
  ];
}

const versionOf = ({
  version,
  llamero_version: own,
}: {
  version: string;
  llamero_version?: string;
}): string => own ?? `Ollama ${version}`;
