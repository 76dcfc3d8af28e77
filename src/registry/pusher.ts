import type { ModelPull, PullStatus } from "./puller.ts";

/** A model to push, and how. */
export type ModelPush = ModelPull;

/** One line of progress; see api-native §16. */
export type PushStatus = PullStatus;

/** Models to registries. Every failure is an AppError. */
export interface Pusher {
  /**
   * Pushes an installed model, or goes on with a push that was interrupted: bytes that the registry has are not sent again. Clients that
   * push one model at the same time share the work; when the last of them leaves the push stops. Ends with `success`.
   */
  push(request: ModelPush, signal: AbortSignal): AsyncIterable<PushStatus>;
}
