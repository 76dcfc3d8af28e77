import { AppError } from "../lib/errors.ts";
import { withoutPaths } from "../lib/without-paths.ts";
import type { EngineFacts } from "./port.ts";

export interface ProbeOptions {
  /** The program, `native/probe/main.ts`. */
  program: string;
  /** Which llama.cpp, as a runner is told. */
  library: string;
  /** 0: automatic. */
  threads: number;
  /** llamero's folder for what it has built. */
  cache: string;
  /** Every device has to compute something, and rightly. Default false. */
  computes?: boolean;
  /** Its whole environment. */
  env: Record<string, string>;
  signal: AbortSignal;
}

/** What the probe prints. */
type Finding = { facts: EngineFacts } | { error: string };

/**
 * What the engine is, and what it can compute on, found out by a process of its own.
 * @throws AppError `engine` with what keeps it from computing; the signal's reason when aborted, which ends the process.
 */
export async function probeEngine({
  program,
  library,
  threads,
  cache,
  computes = false,
  env,
  signal,
}: ProbeOptions): Promise<EngineFacts> {
  const args = [library, String(threads), cache, ...(computes ? ["compute"] : [])];
  const child = Bun.spawn([process.execPath, "--no-orphans", program, ...args], {
    env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    detached: true,
  });
  const kill = (): void => child.kill("SIGKILL");
  signal.addEventListener("abort", kill, { once: true });
  try {
    const [output, complaint] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    signal.throwIfAborted();
    const line = output.trim().split("\n").at(-1) ?? "";
    if (!line.startsWith("{")) throw new AppError("engine", ended(child, complaint));
    const finding: Finding = JSON.parse(line);
    if ("error" in finding) throw new AppError("engine", withoutPaths(finding.error));
    return finding.facts;
  } finally {
    signal.removeEventListener("abort", kill);
    kill();
  }
}

/** A driver that ends the process has usually said why. */
function ended({ exitCode, signalCode }: Bun.Subprocess, complaint: string): string {
  const line = complaint.trim().split("\n").at(-1) ?? "";
  const how = signalCode === null ? `exit status ${exitCode}` : `signal ${String(signalCode)}`;
  return `the engine could not be started: ${how}${line === "" ? "" : `: ${withoutPaths(line)}`}`;
}
