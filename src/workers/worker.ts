import type { Order } from "./jobs.ts";
import { runJob } from "./jobs.ts";
import { ownThread } from "./thread-time.ts";

/** The program of a worker: one order after the other. It is ended from outside when it takes too long. */
declare const self: Worker;

self.onmessage = ({ data }: MessageEvent<Order>) => {
  self.postMessage({ type: "begun", thread: ownThread() });
  self.postMessage(runJob(data));
};
