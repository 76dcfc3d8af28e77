import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { type KillableServer, startKillable } from "./killable-server.ts";
import { runCommand } from "./run-program.ts";
import { freePort } from "./server.ts";

/** Servers on one machine that could be several: each has an address of its own, and all have the same ports. */
export interface TestPool extends AsyncDisposable {
  readonly port: number;
  readonly agentPort: number;
  /** `127.0.0.<n>:<port>` each, as `pool init --servers` takes them. */
  readonly addresses: string[];
  readonly members: KillableServer[];
  /** Starts a member that has ended once more, over its store. */
  restart(at: number): Promise<void>;
}

/** The least that a process can ask of the processors. */
const LEAST = 19;

/**
 * Leaves a member what the others do not use of the processors, as if it had others of its own. Its runners are to be there already:
 * each has a session of its own, and Linux divides between sessions first where it has autogroups (sched(7)).
 */
export async function standAside({ pid }: KillableServer): Promise<void> {
  setPriority(pid, LEAST);
  const { stdout } = await runCommand(["pgrep", "-P", String(pid)]);
  for (const runner of stdout.split("\n").filter((line) => line !== "")) {
    setPriority(Number(runner), LEAST);
    const group = `/proc/${runner}/autogroup`;
    if (existsSync(group)) await writeFile(group, String(LEAST));
  }
}

/** @param env of every member. */
export async function startPool(count: number, env: Record<string, string> = {}): Promise<TestPool> {
  const [port, agentPort] = [freePort(), freePort()];
  const hostOf = (at: number) => `127.0.0.${at + 1}`;
  const homes = await Promise.all(
    Array.from({ length: count }, () => mkdtemp(join(tmpdir(), "llamero-pool-"))),
  );
  const launch = (home: string, at: number): Promise<KillableServer> =>
    startKillable(home, {
      OLLAMA_HOST: `${hostOf(at)}:${port}`,
      OLLAMA_AGENT_CHECK: `${hostOf(at)}:${agentPort}`,
      OLLAMA_NUM_THREADS: "1",
      OLLAMA_KEEP_ALIVE: "-1",
      ...env,
    });
  const members = await Promise.all(homes.map(launch));
  return {
    port,
    agentPort,
    addresses: homes.map((_, at) => `${hostOf(at)}:${port}`),
    members,
    async restart(at) {
      members[at] = await launch(homes[at]!, at);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(members.map((member) => member.end("SIGKILL")));
      await Promise.all(homes.map((home) => rm(home, { recursive: true, force: true })));
    },
  };
}
