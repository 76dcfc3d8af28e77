import { join } from "node:path";
import { buildEngine, DEFAULT_KIND } from "../native/build/build-engine.ts";
import { ENGINE_KINDS } from "../native/build/built.ts";
import type { Environment } from "./config/resolve.ts";
import { probeEngine } from "./engine/probe.ts";
import { runnerEnv } from "./engine/runner/env.ts";
import { AppError } from "./lib/errors.ts";

const PROBE = join(import.meta.dir, "../native/probe/main.ts");

/** llamero's folder for what it has built. */
export const engineCache = ({ homeDir }: { homeDir: string }): string => join(homeDir, "engine");

/**
 * Builds the engine for this machine, and has it compute once.
 *
 * @param cache llamero's folder for what it has built.
 * @param wanted cpu, cuda, vulkan or metal; default: what this machine has.
 * @param say told what is done, in lines.
 * @returns the folder with its libraries.
 * @throws AppError with the reason why it cannot be built, or does not compute.
 */
export async function buildEngineHere(
  cache: string,
  wanted: string | undefined,
  env: Environment,
  say: (line: string) => void,
): Promise<string> {
  const kind = wanted === undefined ? DEFAULT_KIND : ENGINE_KINDS.find((each) => each === wanted);
  if (kind === undefined)
    throw new AppError(
      "bad_request",
      `an engine is built for ${ENGINE_KINDS.join(", ")}, not for "${wanted}"`,
    );
  const tryOut = async (): Promise<void> => {
    const signal = new AbortController().signal;
    // A GPU's engine may be built where there is none, such as for an image; it computes on the CPU then.
    const options = { library: "auto", threads: 0, computes: true, cache, env: runnerEnv(env), signal };
    await probeEngine({ program: PROBE, ...options });
  };
  return buildEngine({ cache, kind, say, tryOut });
}
