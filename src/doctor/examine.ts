import type { Config } from "../config/config.ts";
import { printHost } from "../config/host.ts";
import { type ProbeOptions, probeEngine } from "../engine/probe.ts";
import { AppError } from "../lib/errors.ts";
import type { Finding } from "../lib/finding.ts";
import { judgeEngine, type Probed } from "./judge-engine.ts";
import { judgeMemory, judgeStore, judgeVersions, type Versions } from "./judge-machine.ts";
import { judgePort } from "./judge-port.ts";
import { lookAtDirectory, lookAtDrivers, lookAtMemory, lookAtPort } from "./look.ts";

export interface Examination {
  /** The server's configuration; a text that says what is wrong in the environment where it has none. */
  config: Config | string;
  versions: Versions;
  probe: Pick<ProbeOptions, "program" | "cache" | "env">;
}

/** Checks this machine, and yields each finding at once. */
export async function* examine({ config, versions, probe }: Examination): AsyncGenerator<Finding> {
  yield judgeVersions(versions);
  if (typeof config === "string") {
    yield { check: "settings", verdict: "bad", says: config, advice: "change or unset the variable" };
    yield* judgeEngine(await probed(probe, "auto", 0), lookAtDrivers(), "auto");
    yield judgeMemory(await lookAtMemory());
    return;
  }
  yield { check: "settings", verdict: "ok", says: "every variable makes sense" };
  const { llmLibrary, numThreads, modelsDir, host } = config;
  yield* judgeEngine(await probed(probe, llmLibrary, numThreads), lookAtDrivers(), llmLibrary);
  yield judgeMemory(await lookAtMemory());
  yield judgeStore(await lookAtDirectory(modelsDir));
  yield judgePort(printHost(host), await lookAtPort(host), versions.llamero);
}

async function probed(probe: Examination["probe"], library: string, threads: number): Promise<Probed> {
  try {
    const { signal } = new AbortController();
    return { facts: await probeEngine({ ...probe, library, threads, computes: true, signal }) };
  } catch (error) {
    return { error: AppError.from(error).message };
  }
}
