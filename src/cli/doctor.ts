import type { Finding } from "../lib/finding.ts";
import type { ParsedArgv } from "./argv.ts";
import type { Cli } from "./context.ts";
import { wantsJson, writeJson } from "./json.ts";

const MARKS: Record<Finding["verdict"], string> = { ok: "ok  ", warning: "warn", bad: "BAD " };
/** Columns of the longest check's name, `versions`. */
const WIDTH = 8;

/** Checks this machine and prints what it finds; fails when something would keep a server from working. */
export async function doctor(cli: Cli, argv: ParsedArgv): Promise<void> {
  const findings: Finding[] = [];
  for await (const finding of cli.examine()) {
    findings.push(finding);
    if (!wantsJson(argv)) cli.stdout.write(findingText(finding));
  }
  if (wantsJson(argv)) writeJson(cli, findings);
  const bad = findings.filter(({ verdict }) => verdict === "bad").length;
  if (bad > 0) throw new Error(`${bad} of ${findings.length} checks failed`);
}

/** A line, and below it what to do. */
export function findingText({ check, verdict, says, advice }: Finding): string {
  const line = `${MARKS[verdict]}  ${check.padEnd(WIDTH)}  ${says}\n`;
  return advice === undefined ? line : `${line}${" ".repeat(WIDTH + 8)}${advice}\n`;
}
