import type { AnswerDeps } from "../answer/deps.ts";

/** What the native API needs: all that answering does, and the version that it reports. */
export interface OllamaDeps extends AnswerDeps {
  /** Semantic version, e.g. `0.1.0`. */
  version: string;
}
