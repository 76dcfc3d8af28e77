import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import { shortName } from "../models/name.ts";
import type { Store } from "../store/store.ts";
import { type BlobProgress, TransferProgress } from "./progress.ts";
import { type PushDeps, runPush } from "./push/run-push.ts";
import { DEFAULT_UPLOAD_SETTINGS, type UploadSettings } from "./push/settings.ts";
import type { ModelPush, Pusher, PushStatus } from "./pusher.ts";
import { requestKey } from "./request-key.ts";
import type { SessionDeps } from "./session.ts";
import { followTransfer } from "./shared-transfer.ts";
import { SharedWork } from "./shared-work.ts";
import { Slots } from "./slots.ts";

export interface PusherOptions {
  store: Store;
  clock: Clock;
  logger: Logger;
  session: SessionDeps;
  settings?: UploadSettings;
}

/** Disposing it stops every push. */
export function createPusher(options: PusherOptions): Pusher & AsyncDisposable {
  return new RegistryPusher(options);
}

class RegistryPusher implements Pusher, AsyncDisposable {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #deps: PushDeps;
  readonly #pushes = new SharedWork<TransferProgress>();

  constructor({ store, clock, logger, session, settings = DEFAULT_UPLOAD_SETTINGS }: PusherOptions) {
    this.#clock = clock;
    this.#logger = logger;
    const slots = new Slots(settings.connections);
    this.#deps = { store, clock, slots, settings, session, uploads: new SharedWork<BlobProgress>() };
  }

  push(request: ModelPush, signal: AbortSignal): AsyncGenerator<PushStatus> {
    const key = requestKey(request);
    const transfer = {
      works: this.#pushes,
      clock: this.#clock,
      verb: "pushing",
      key,
      create: () => new TransferProgress(),
      run: (progress: TransferProgress, stop: AbortSignal) => this.#run(request, progress, stop),
    };
    return followTransfer(transfer, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pushes.abortAll(new AppError("cancelled", "the server is stopping"));
  }

  async #run(request: ModelPush, progress: TransferProgress, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const model = shortName(request.name);
    try {
      await runPush(this.#deps, request, progress, signal);
      progress.addStatus("success");
      this.#logger.info("pushed", { model, bytes: progress.total });
    } catch (error) {
      this.#logger.warn("push ended", { model, error: AppError.from(error).message });
      throw error;
    }
  }
}
