#!/usr/bin/env bun

import { homedir } from "node:os";
import { join } from "node:path";
import packageJson from "../package.json" with { type: "json" };
import { connect } from "./cli/connect.ts";
import { ask, endOnFailedOutput, onInterrupt, processInput, processOutput } from "./cli/process-io.ts";
import { programName } from "./cli/program-name.ts";
import { runCli } from "./cli/run-cli.ts";
import { runProgram } from "./cli/run-program.ts";
import { checkPlatform } from "./config/platform.ts";
import { resolveClientConfig } from "./config/resolve.ts";
import { terminalSettings } from "./config/shared-variables.ts";
import { messageOf } from "./lib/errors.ts";

async function main(): Promise<number> {
  endOnFailedOutput(process);
  const settings = terminalSettings(process.env);
  const stderr = processOutput(process.stderr, settings);
  try {
    const system = { homedir: homedir() };
    const config = resolveClientConfig(process.env, system);
    const engineFolder = join(config.homeDir, "engine");
    return await runCli(process.argv.slice(2), {
      config,
      client: connect(config),
      stdin: processInput(process.stdin),
      stdout: processOutput(process.stdout, settings),
      stderr,
      serve: async () => {
        checkPlatform(process.platform);
        const { startServer } = await import("./start-server.ts");
        return startServer(process.env, system.homedir, packageJson.version);
      },
      engine: {
        async addVision(say) {
          const { installVision } = await import("../native/vision/install.ts");
          await installVision(engineFolder, say);
        },
        async build(kind, say) {
          const { buildEngineHere } = await import("./build-engine.ts");
          await buildEngineHere(engineFolder, kind, process.env, say);
        },
        async remove(say) {
          const { removeEngines } = await import("../native/build/build-engine.ts");
          await removeEngines(engineFolder, say);
        },
      },
      createKeyOffline: async (order) => {
        const { createKeyOffline } = await import("./offline-keys.ts");
        return createKeyOffline(order, process.env, system.homedir);
      },
      examine: async function* () {
        const { checkMachine } = await import("./doctor.ts");
        yield* checkMachine(process.env, system.homedir);
      },
      program: programName(process.env, process.argv[1] ?? "", process.cwd()),
      version: packageJson.version,
      now: () => Date.now(),
      onInterrupt,
      ask,
      runProgram: (argv, env) => runProgram(argv, { ...process.env, ...env }),
    });
  } catch (error) {
    stderr.write(`Error: ${messageOf(error)}\n`);
    return 1;
  }
}

process.exitCode = await main();
