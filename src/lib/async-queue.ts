/**
 * Values from a producer that never waits to a consumer that iterates once. It has no bound of its own: the producer must have one.
 *
 * One consumer only: two pending `next()` calls at a time are a mistake of the caller and throw.
 */
export class AsyncQueue<T> implements AsyncIterableIterator<T> {
  #items: T[] = [];
  #head = 0;
  #ended = false;
  #error: Error | undefined;
  #waiting: PromiseWithResolvers<IteratorResult<T>> | undefined;
  readonly #onLeave: () => void;

  /** @param onLeave called once when the consumer leaves before the end (`break`, `return`, a throw in its loop). */
  constructor(onLeave: () => void = () => {}) {
    this.#onLeave = onLeave;
  }

  /** Hands `value` to the consumer. Ignored after the end. */
  push(value: T): void {
    if (this.#ended) return;
    if (this.#waiting === undefined) {
      this.#items.push(value);
      return;
    }
    this.#take().resolve({ done: false, value });
  }

  /** Ends the iteration once the consumer has had everything. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#waiting !== undefined) this.#take().resolve({ done: true, value: undefined });
  }

  /** Throws `error` at the consumer once it has had everything. */
  fail(error: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#waiting === undefined) this.#error = error;
    else this.#take().reject(error);
  }

  /** Throws `error` at the consumer at its next turn; what it has not yet had is dropped. */
  abort(error: Error): void {
    if (this.#ended && this.#error === undefined && this.#size === 0) return;
    this.#items = [];
    this.#head = 0;
    this.#ended = false;
    this.fail(error);
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#waiting !== undefined) throw new Error("an AsyncQueue has one consumer");
    if (this.#size > 0) return Promise.resolve({ done: false, value: this.#shift() });
    if (this.#error !== undefined) {
      const error = this.#error;
      this.#error = undefined;
      return Promise.reject(error);
    }
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  /** The consumer leaves: the rest is dropped and `onLeave` is told unless the end had come. */
  return(): Promise<IteratorResult<T>> {
    const early = !this.#ended;
    this.#items = [];
    this.#head = 0;
    this.#error = undefined;
    this.close();
    if (early) this.#onLeave();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  get #size(): number {
    return this.#items.length - this.#head;
  }

  #shift(): T {
    const value = this.#items[this.#head] as T;
    this.#head++;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    }
    return value;
  }

  #take(): PromiseWithResolvers<IteratorResult<T>> {
    const waiting = this.#waiting!;
    this.#waiting = undefined;
    return waiting;
  }
}
