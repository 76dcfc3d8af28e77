import type { ModelPull, PullStatus } from "./puller.ts";

/** What is pushed, and how. */
export type ModelPush = ModelPull;

/** One line of progress; see api-native §16. */
export type PushStatus = PullStatus;

/** Models to registries. Every failure is an AppError. */
export interface Pusher {
  /**
   * Pushes an installed model, or goes on with a push that was interrupted: what the registry has is not sent again. Those who push
   * one model at the same time share the work; when the last of them leaves it stops. Ends with `success`.
   */
  push(request: ModelPush, signal: AbortSignal): AsyncIterable<PushStatus>;
}
