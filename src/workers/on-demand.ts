import type { JobRunner, Workers } from "./job-runner.ts";

/**
 * Work whose jobs are loaded with the first of them: they are a third of the program, and a server that only waits does not hold them
 * in memory.
 */
export function jobRunnerOnDemand(workers: Workers): JobRunner {
  let runner: Promise<JobRunner> | undefined;
  const loaded = () => {
    runner ??= import("./job-runner.ts").then(({ createJobRunner }) => createJobRunner(workers));
    return runner;
  };
  return { run: async (name, input, budget) => (await loaded()).run(name, input, budget) };
}
