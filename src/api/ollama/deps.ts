import type { InferenceDeps } from "../../inference/deps.ts";
import type { Puller } from "../../registry/puller.ts";
import type { Pusher } from "../../registry/pusher.ts";

/** The dependencies of the native API: those of answering, models from and to registries, and the version that it reports. */
export interface OllamaDeps extends InferenceDeps {
  puller: Puller;
  pusher: Pusher;
  /** llamero's own, e.g. `0.1.0`. */
  version: string;
}
