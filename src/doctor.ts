import { join } from "node:path";
import packageJson from "../package.json" with { type: "json" };
import { engineCache } from "./build-engine.ts";
import type { Config } from "./config/config.ts";
import { type Environment, resolveClientConfig, resolveConfig } from "./config/resolve.ts";
import { examine } from "./doctor/examine.ts";
import { runnerEnv } from "./engine/runner/env.ts";
import { messageOf } from "./lib/errors.ts";
import type { Finding } from "./lib/finding.ts";

const PROBE = join(import.meta.dir, "../native/probe/main.ts");

/** The checks of `llamero doctor`, as for a server that would be started here and now. */
export function checkMachine(env: Environment, homedir: string): AsyncIterable<Finding> {
  return examine({
    config: configOf(env, homedir),
    versions: { llamero: packageJson.version, bun: Bun.version, wantedBun: packageJson.engines.bun },
    probe: { program: PROBE, cache: engineCache(resolveClientConfig(env, { homedir })), env: runnerEnv(env) },
  });
}

function configOf(env: Environment, homedir: string): Config | string {
  try {
    return resolveConfig(env, { homedir });
  } catch (error) {
    return messageOf(error);
  }
}
