import { AppError } from "../../lib/errors.ts";
import type { FromRunner, SlotText, ToRunner } from "../protocol.ts";

/** The runner's last message of a call that has succeeded. */
export type RunnerReply = Exclude<Extract<FromRunner, { id: number }>, { type: "error" }>;

type WithoutId<M> = M extends { id: number } ? Omit<M, "id"> : never;

/** A call to a loaded runner; the id is assigned when it is sent. */
export type Call = WithoutId<Exclude<ToRunner, { type: "load" | "cancel" | "forget" }>>;

/** Receives the runner's messages about one call. Exactly one of `end` and `fail` is called, once. */
export interface CallHandlers {
  text?(item: SlotText): void;
  end(answer: RunnerReply): void;
  fail(error: AppError): void;
}

/** A call that the runner has and has not finished. */
export interface PendingCall {
  /** Resolves when the runner is done with it, well or not; never rejects. Until then it may hold the runner's slot. */
  readonly done: Promise<void>;
  /** Asks the runner to stop it; `done` says when it has. */
  cancel(): void;
}

interface Entry {
  handlers: CallHandlers;
  finish: () => void;
}

/** The requests under way in one runner, by id. On the path of every token: a look-up and a call. */
export class Requests {
  readonly #entries = new Map<number, Entry>();
  readonly #send: (message: ToRunner) => void;
  readonly #onCall: () => void;
  #lastId = 0;
  #dead: AppError | undefined;

  /** @param onCall is called for every call that is sent. */
  constructor(send: (message: ToRunner) => void, onCall: () => void = () => {}) {
    this.#send = send;
    this.#onCall = onCall;
  }

  /** Does the runner have calls to answer? */
  get isBusy(): boolean {
    return this.#entries.size > 0;
  }

  /** Sends a request. When the runner is gone, `handlers.fail` is called at once. */
  open(call: Call, handlers: CallHandlers): PendingCall {
    if (this.#dead !== undefined) {
      handlers.fail(this.#dead);
      return { done: Promise.resolve(), cancel() {} };
    }
    const id = ++this.#lastId;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#entries.set(id, { handlers, finish: resolve });
    this.#send({ ...call, id });
    this.#onCall();
    return { done: promise, cancel: () => this.#cancel(id) };
  }

  /** The runner may drop what it keeps for `holder`. */
  forget(holder: number): void {
    if (this.#dead === undefined) this.#send({ type: "forget", holder });
  }

  /** Routes a message of the runner's to its call. A message about a call that has ended is dropped. */
  deliver(message: FromRunner): void {
    switch (message.type) {
      case "text":
        for (const item of message.items) this.#entries.get(item.id)?.handlers.text?.(item);
        return;
      case "hello":
      case "ready":
      case "failed":
      case "cache":
        return;
      case "error":
        this.#take(message.id)?.fail(new AppError(message.kind, message.message));
        return;
      default:
        this.#take(message.id)?.end(message);
    }
  }

  /** The runner is gone: fails everything under way and all that comes later. */
  failAll(error: AppError): void {
    this.#dead = error;
    for (const id of [...this.#entries.keys()]) this.#take(id)?.fail(error);
  }

  #cancel(id: number): void {
    if (this.#entries.has(id)) this.#send({ type: "cancel", id });
  }

  #take(id: number): CallHandlers | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    this.#entries.delete(id);
    entry.finish();
    return entry.handlers;
  }
}
