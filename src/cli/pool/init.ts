import { type ParsedArgv, UsageError } from "../argv.ts";
import type { Cli } from "../context.ts";
import { haproxyConfig } from "./haproxy.ts";
import { parseMembers } from "./member.ts";

const DEFAULT_BIND = "127.0.0.1:8080";
const DEFAULT_AGENT_PORT = 11435;

/** `pool init`: prints HAProxy's configuration for a pool. @throws UsageError */
export async function poolInit(cli: Cli, argv: ParsedArgv): Promise<void> {
  const plan = {
    members: parseMembers(argv.text("servers")),
    bind: bindOf(argv.text("bind") ?? DEFAULT_BIND),
    slots: within(argv.integer("slots") ?? 1, "slots", 65_535),
    agentPort: within(argv.integer("agent-port") ?? DEFAULT_AGENT_PORT, "agent-port", 65_535),
  };
  cli.stdout.write(haproxyConfig(plan));
}

/** Reads an address to bind; refuses a text that would add another directive to the configuration. */
function bindOf(text: string): string {
  if (/^[\w.*[\]:-]*:\d{1,5}$/.test(text)) return text;
  throw new UsageError(
    `--bind: ${JSON.stringify(text)} is no address: expected host:port, [IPv6]:port or :port`,
  );
}

function within(value: number, name: string, most: number): number {
  if (value >= 1 && value <= most) return value;
  throw new UsageError(`--${name}: expected a number from 1 to ${most}`);
}
