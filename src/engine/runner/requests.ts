import { AppError } from "../../lib/errors.ts";
import type { FromRunner, SlotText, ToRunner } from "../protocol.ts";

/** What ends a request that goes well. */
export type Answer = Exclude<Extract<FromRunner, { id: number }>, { type: "error" }>;

type WithoutId<M> = M extends { id: number } ? Omit<M, "id"> : never;

/** Whatever may be asked of a loaded runner; the id is given on sending. */
export type Question = WithoutId<Exclude<ToRunner, { type: "load" | "cancel" }>>;

/** Where a request's news goes. Exactly one of `end` and `fail` is called, once. */
export interface Recipient {
  text?(item: SlotText): void;
  end(answer: Answer): void;
  fail(error: AppError): void;
}

/** A request that the runner has. */
export interface Ticket {
  /** Resolves when the runner is done with it, well or not; never rejects. Until then it may hold the runner's slot. */
  readonly settled: Promise<void>;
  /** Asks the runner to stop it; `settled` says when it has. */
  cancel(): void;
}

interface Entry {
  recipient: Recipient;
  settle: () => void;
}

/** The requests under way in one runner, by id. On the path of every token: a look-up and a call. */
export class Requests {
  readonly #entries = new Map<number, Entry>();
  readonly #send: (message: ToRunner) => void;
  #lastId = 0;
  #dead: AppError | undefined;

  constructor(send: (message: ToRunner) => void) {
    this.#send = send;
  }

  /** Sends a request. When the runner is gone, `recipient` fails at once. */
  open(question: Question, recipient: Recipient): Ticket {
    if (this.#dead !== undefined) {
      recipient.fail(this.#dead);
      return { settled: Promise.resolve(), cancel() {} };
    }
    const id = ++this.#lastId;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#entries.set(id, { recipient, settle: resolve });
    this.#send({ ...question, id });
    return { settled: promise, cancel: () => this.#cancel(id) };
  }

  /** Routes a message of the runner's. News of a request that has ended is dropped. */
  deliver(message: FromRunner): void {
    switch (message.type) {
      case "text":
        for (const item of message.items) this.#entries.get(item.id)?.recipient.text?.(item);
        return;
      case "hello":
      case "ready":
      case "failed":
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

  #take(id: number): Recipient | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    this.#entries.delete(id);
    entry.settle();
    return entry.recipient;
  }
}
