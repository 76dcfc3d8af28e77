/** Says that nobody looks on at a request: `batch`. A balancer and a server let others go first. */
const PRIORITY_HEADER = "x-llamero-priority";

/** Any other word is taken for none: what a client means to be urgent goes no further ahead than what says nothing. */
export const isBatch = (headers: Headers): boolean =>
  headers.get(PRIORITY_HEADER)?.trim().toLowerCase() === "batch";
