/** A bounded memory of the most recently used values. */
export class Lru<K, V extends object> {
  readonly #entries = new Map<K, V>();
  readonly #capacity: number;

  /** @param capacity most entries kept. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value for `key`, made with `make` when it is not remembered. A `make` that throws or returns undefined leaves nothing behind. */
  take(key: K, make: () => V): V;
  take(key: K, make: () => V | undefined): V | undefined;
  take(key: K, make: () => V | undefined): V | undefined {
    const known = this.#entries.get(key);
    const value = known ?? make();
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#capacity && oldest !== undefined) this.#entries.delete(oldest);
    return value;
  }
}
