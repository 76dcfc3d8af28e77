import { runJob } from "../../src/workers/run-job.ts";
import { createWork, type Work } from "../../src/workers/work.ts";

/** Work that starts no threads: what is too long for the first try is done by a second one in the same thread. */
export const inlineWork = (): Work => createWork({ run: async (order) => runJob(order) });
