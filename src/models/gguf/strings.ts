const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * An array of strings as its bytes, one after the other, decoded only when asked: a vocabulary of 262,144 tokens is two buffers
 * and not as many objects. The bytes are kept as they were, since tokens need not be valid UTF-8.
 */
export class GgufStrings implements Iterable<string> {
  readonly #bytes: Uint8Array;
  readonly #ends: Uint32Array;

  /** @param ends where each string ends in `bytes`; each begins where the one before it ends. */
  constructor(bytes: Uint8Array, ends: Uint32Array) {
    this.#bytes = bytes;
    this.#ends = ends;
  }

  get length(): number {
    return this.#ends.length;
  }

  /** String `index`, with U+FFFD for what is not UTF-8, or undefined when there is none. */
  at(index: number): string | undefined {
    const end = this.#ends[index];
    return end === undefined ? undefined : decoder.decode(this.#slice(index, end));
  }

  /** The first `count` of them, without copies. */
  first(count: number): GgufStrings {
    return new GgufStrings(this.#bytes, this.#ends.subarray(0, count));
  }

  /** The strings' bytes, without copies. */
  *bytes(): IterableIterator<Uint8Array> {
    for (const [index, end] of this.#ends.entries()) yield this.#slice(index, end);
  }

  *[Symbol.iterator](): IterableIterator<string> {
    for (const bytes of this.bytes()) yield decoder.decode(bytes);
  }

  #slice(index: number, end: number): Uint8Array {
    return this.#bytes.subarray(this.#ends[index - 1] ?? 0, end);
  }
}
