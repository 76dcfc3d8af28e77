import type { InferenceDeps } from "../../inference/deps.ts";
import type { Puller } from "../../registry/puller.ts";

/** What the routes that only llamero has need. */
export interface LlameroDeps extends InferenceDeps {
  puller: Puller;
  /** Does the request come from a program on this machine? Never true of a page of another site, or through a proxy. */
  isLocal(request: Request): boolean;
}
