/** A server process in small, for the test that kills it: loads the model `argv[2]`, starts an answer, prints its runner's id, and waits. */

import { Scheduler } from "../../src/engine/scheduler/scheduler.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { LAUNCH_DEFAULTS, taskFor } from "./engine-fixtures.ts";
import { fakeRunnerSpawner, scripted } from "./process-engine.ts";

const spawn = fakeRunnerSpawner();
let runner = 0;
const [, , script = "", grammar = ""] = process.argv;
const engine = new Scheduler({
  availableBytes: () => Number.POSITIVE_INFINITY,
  limits: { maxLoaded: 1, maxQueue: 1, keepAlive: Number.POSITIVE_INFINITY },
  launch: LAUNCH_DEFAULTS,
  loadTimeoutMs: Number.POSITIVE_INFINITY,
  logger: silentLogger,
  clock: systemClock,
  spawn(listener) {
    const process = spawn(listener);
    runner = process.pid;
    return process;
  },
});
const { signal } = new AbortController();
const lease = await engine.acquire(scripted(script), { signal });
for await (const _ of lease.generate(taskFor([1], { grammar }), signal)) console.log(runner);
