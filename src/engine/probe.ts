import { AppError } from "../lib/errors.ts";
import { withoutPaths } from "../lib/without-paths.ts";
import type { EngineFacts } from "./port.ts";

export interface ProbeOptions {
  /** The program, `native/probe/main.ts`. */
  program: string;
  /** Which build of llama.cpp to load, as for a runner. */
  library: string;
  /** 0: automatic. */
  threads: number;
  /** llamero's folder for what it has built. */
  cache: string;
  /** Let every device compute something, and check the result. Default false. */
  computes?: boolean;
  /** Its whole environment. */
  env: Record<string, string>;
  signal: AbortSignal;
}

/** The JSON that the probe prints. */
type Finding = { facts: EngineFacts } | { error: string };

/**
 * Finds out in a process of its own which build of llama.cpp there is, and on which devices it can compute.
 * @throws AppError `engine` with the reason why it cannot compute; the signal's reason when aborted, which ends the process.
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
