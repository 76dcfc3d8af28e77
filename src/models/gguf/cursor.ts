import { invalidGguf } from "./invalid.ts";
import { MOST_HEADER_BYTES } from "./limits.ts";

/** Where a header is read from. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /** Fills `into` from `position` on as far as it can. @returns how many bytes it wrote; 0 only at the end. */
  read(into: Uint8Array, position: number): Promise<number>;
}

/** Large enough that a vocabulary takes few reads, small enough that a header without one costs little. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Reads forward through a header in chunks. {@link need} fetches; the `take…` methods are synchronous and return what it
 * fetched. Nothing is allocated for a length before {@link takeLength} has found that the file is that long.
 */
export class HeaderCursor {
  readonly #source: ByteSource;
  readonly #chunk = new Uint8Array(CHUNK_BYTES);
  readonly #view = new DataView(this.#chunk.buffer);
  /** Offset in the file of the chunk's first byte. */
  #base = 0;
  #at = 0;
  #end = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Offset in the file of the next byte. */
  get offset(): number {
    return this.#base + this.#at;
  }

  /** Bytes that can be taken without another {@link need}. */
  get buffered(): number {
    return this.#end - this.#at;
  }

  /** Makes `count` bytes, at most a chunk, available to the `take…` methods. @throws AppError when the file is shorter. */
  async need(count: number): Promise<void> {
    if (this.buffered >= count) return;
    if (this.offset + count > MOST_HEADER_BYTES) {
      throw invalidGguf(`the header exceeds the limit of ${MOST_HEADER_BYTES} bytes`);
    }
    this.#chunk.copyWithin(0, this.#at, this.#end);
    this.#base += this.#at;
    this.#end -= this.#at;
    this.#at = 0;
    while (this.#end < count) {
      const got = await this.#source.read(this.#chunk.subarray(this.#end), this.#base + this.#end);
      if (got === 0) throw invalidGguf("the header ends early", this.#base + this.#end);
      this.#end += got;
    }
  }

  takeUint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  takeUint64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true);
  }

  /**
   * An unsigned 64-bit length.
   *
   * @param what for the message, e.g. `string` in "string of 9 bytes".
   * @param unit for the message, e.g. `bytes`.
   * @param least bytes that one unit takes in the file.
   * @throws AppError when the rest of the file is too short for it, or it is above `most`.
   */
  takeLength(what: string, unit: string, least: number, most: number): number {
    const at = this.#advance(8);
    const low = this.#view.getUint32(at, true);
    const remaining = this.#source.size - this.offset;
    // Without big integers for the lengths that are right: a vocabulary has a quarter of a million of them.
    if (this.#view.getUint32(at + 4, true) === 0 && low * least <= remaining && low <= most) return low;
    const length = this.#view.getBigUint64(at, true);
    const fits = remaining >= 0 && length * BigInt(least) <= BigInt(remaining);
    const problem = fits ? `exceeds the limit of ${most}` : "exceeds the file";
    throw invalidGguf(`${what} of ${length} ${unit} at offset ${this.offset - 8} ${problem}`);
  }

  /** A copy of up to `count` buffered bytes into `into`. @returns how many. */
  takeInto(into: Uint8Array): number {
    const count = Math.min(into.byteLength, this.buffered);
    into.set(this.#chunk.subarray(this.#at, this.#at + count));
    this.#at += count;
    return count;
  }

  /** The next `count` bytes in a buffer of their own. The caller has `count` from {@link takeLength}. */
  async bytes(count: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(count);
    for (let done = 0; done < count; ) {
      if (this.buffered === 0) await this.need(1);
      done += this.takeInto(bytes.subarray(done));
    }
    return bytes;
  }

  #advance(count: number): number {
    if (this.buffered < count) throw new RangeError(`${count} bytes taken, ${this.buffered} buffered`);
    const at = this.#at;
    this.#at += count;
    return at;
  }
}
