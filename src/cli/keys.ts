import { LlameroError, unwrap } from "../client/index.ts";
import { defined, ifDefined } from "../lib/defined.ts";
import { relativeTime } from "../lib/relative-time.ts";
import { momentIn } from "../lib/rfc3339.ts";
import { type ParsedArgv, UsageError } from "./argv.ts";
import type { Cli } from "./context.ts";
import { wantsJson, writeJson } from "./json.ts";
import { renderTable } from "./table.ts";

const HEADER = ["ID", "NAME", "STATE", "SCOPES", "LIMITS", "EXPIRES", "LAST USED"];
const DAY_MS = 86_400_000;

/** `keys create NAME`, `keys list` and `keys revoke NAME`. */
export async function keys(cli: Cli, argv: ParsedArgv): Promise<void> {
  const [action = "list", name, ...rest] = argv.args;
  const actions: Record<string, (() => Promise<void>) | undefined> = {
    create: name === undefined ? undefined : () => create(cli, argv, name),
    revoke: name === undefined ? undefined : () => revoke(cli, argv, name),
    list: name === undefined ? () => list(cli, argv) : undefined,
  };
  const run = Object.hasOwn(actions, action) && rest.length === 0 ? actions[action] : undefined;
  if (run === undefined) throw new UsageError("expected keys create NAME, keys list, or keys revoke NAME|ID");
  await explained(cli, run);
}

/** Who may make keys is told where the server says that this caller may not. */
async function explained(cli: Cli, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof LlameroError) || error.status !== 401) throw error;
    const remedy = `set OLLAMA_API_KEY to a key with the scope admin; the server's own user makes the first one by '${cli.program} keys create NAME --scope admin --offline'`;
    throw new LlameroError(error.status, `${error.message}; ${remedy}`, { cause: error });
  }
}

async function create(cli: Cli, argv: ParsedArgv, name: string): Promise<void> {
  const scopes = argv.text("scope")?.split(",");
  const expires = argv.text("expires");
  const [concurrency, perMinute, perDay] = ["concurrency", "tokens-per-minute", "tokens-per-day"].map(
    (flag) => argv.integer(flag),
  );
  const order = {
    name,
    ...defined({ scopes }),
    ...defined({ expires_at: ifDefined(expires, (text) => new Date(timeOf(text, cli.now())).toISOString()) }),
    ...defined({ concurrency, tokens_per_minute: perMinute, tokens_per_day: perDay }),
  };
  const made = argv.boolean("offline")
    ? await cli.createKeyOffline(order)
    : unwrap(await cli.client.api.keys.post(order));
  if (wantsJson(argv)) return writeJson(cli, made);
  cli.stdout.write(`${made.key}\n`);
  cli.stderr.write(`This is the key "${name}" (${made.scopes.join(", ")}). It is not shown again.\n`);
}

/** `30d`, `12h`, or a date: when a key expires, in milliseconds since the epoch. */
function timeOf(text: string, now: number): number {
  const [, count, unit] = /^(\d+)([dh])$/.exec(text) ?? [];
  if (count !== undefined) return now + Number(count) * (unit === "d" ? DAY_MS : DAY_MS / 24);
  const time = momentIn(text);
  if (!Number.isNaN(time)) return time;
  throw new UsageError(`"${text}" is no time to expire at: 30d, 12h, 2027-01-31 or 2027-01-31T18:00:00Z`);
}

async function list(cli: Cli, argv: ParsedArgv): Promise<void> {
  const reply = unwrap(await cli.client.api.keys.get());
  if (wantsJson(argv)) return writeJson(cli, reply);
  const rows = reply.keys.map((key) => [
    key.id,
    key.name,
    key.state,
    key.scopes.join(","),
    limitsOf(key),
    key.expires_at?.slice(0, 10) ?? "never",
    key.last_used_at === undefined ? "-" : relativeTime(Date.parse(key.last_used_at), cli.now()),
  ]);
  cli.stdout.write(renderTable(HEADER, rows));
  if (!reply.required) cli.stderr.write("The server asks nobody for a key.\n");
}

interface Limits {
  concurrency?: number;
  tokens_per_minute?: number;
  tokens_per_day?: number;
}

function limitsOf({ concurrency, tokens_per_minute: minute, tokens_per_day: day }: Limits): string {
  const limits = [
    concurrency !== undefined && `${concurrency} at once`,
    minute !== undefined && `${minute}/min`,
    day !== undefined && `${day}/day`,
  ].filter((text) => text !== false);
  return limits.length === 0 ? "-" : limits.join(", ");
}

async function revoke(cli: Cli, argv: ParsedArgv, name: string): Promise<void> {
  const revoked = unwrap(await cli.client.api.keys({ key: name }).delete(undefined));
  if (wantsJson(argv)) return writeJson(cli, revoked);
  cli.stdout.write(`revoked ${revoked.name} (${revoked.id})\n`);
}
