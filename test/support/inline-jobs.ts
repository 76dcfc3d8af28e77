import { createJobRunner, type JobRunner } from "../../src/workers/job-runner.ts";
import { runJob } from "../../src/workers/jobs.ts";

/** Work that starts no threads: what is too long for the first try is done by a second one in the same thread. */
export const inlineJobs = (): JobRunner => createJobRunner({ run: async (order) => runJob(order) });
