import type { Puller } from "../../registry/puller.ts";
import type { Pusher } from "../../registry/pusher.ts";
import type { AnswerDeps } from "../answer/deps.ts";

/** What the native API needs: all that answering does, models from and to registries, and the version that it reports. */
export interface OllamaDeps extends AnswerDeps {
  puller: Puller;
  pusher: Pusher;
  /** Semantic version, e.g. `0.1.0`. */
  version: string;
}
