import type { ModelPush, Pusher, PushStatus } from "../../src/registry/pusher.ts";

/** Pushes nothing; says what it is told to say and records what it was asked. */
export class FakePusher implements Pusher {
  readonly pushed: ModelPush[] = [];
  /** What `push` reports before it ends with `success`. */
  progress: PushStatus[] = [{ status: "retrieving manifest" }];
  /** Called, or thrown, before `success`. */
  onPush: (request: ModelPush) => void = () => {};

  async *push(request: ModelPush): AsyncGenerator<PushStatus> {
    this.pushed.push(request);
    yield* this.progress;
    this.onPush(request);
    yield { status: "success" };
  }
}
