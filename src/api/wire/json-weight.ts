import { Budget, type Micros, OverBudget } from "../../lib/budget.ts";
import { AppError } from "../../lib/errors.ts";

/** The most that reading one body may cost the server's own thread, which does nothing else meanwhile. */
const MOST_MICROS: Micros = 200_000;

/** Cost of a byte of a text, which is decoded and copied. */
const BYTE_MICROS: Micros = 0.002;
/** Cost of a number, a text or a literal: all but the last are followed by a comma. */
const ELEMENT_MICROS: Micros = 0.15;
/** Cost of a list or an object, which is made, walked through and checked against its schema. */
const CONTAINER_MICROS: Micros = 0.6;
/** Cost of a key: the JavaScript engine remembers each new one for good. */
const KEY_MICROS: Micros = 1.5;
/** Cost of a backslash: the text around it is copied piece by piece. */
const ESCAPE_MICROS: Micros = 0.04;

const code = (char: string): number => char.charCodeAt(0);
const QUOTE = code('"');
const BACKSLASH = code("\\");

/** Cost of each byte outside of texts. */
const COSTS = new Float64Array(256);
COSTS[code(",")] = ELEMENT_MICROS;
COSTS[code(":")] = KEY_MICROS;
COSTS[code("{")] = CONTAINER_MICROS;
COSTS[code("[")] = CONTAINER_MICROS;

/**
 * Weighs a JSON body while it comes in, before it is parsed: millions of empty lists in a few megabytes would take seconds and
 * gigabytes. Texts are cheap, so that images pass. It does not matter whether the body is JSON at all.
 */
export class JsonWeight {
  readonly #budget = new Budget(MOST_MICROS);
  #inText = false;
  /** The last byte was a backslash that escapes the next one. */
  #escaping = false;

  /** @throws AppError `too_large` once the body is known to be too much. */
  add(chunk: Uint8Array): void {
    try {
      this.#budget.spend(chunk.length * BYTE_MICROS);
      const backslashes = new NextByte(chunk, BACKSLASH);
      let at = 0;
      while (at < chunk.length)
        at = this.#inText ? this.#text(chunk, at, backslashes) : this.#structure(chunk, at);
    } catch (error) {
      if (!(error instanceof OverBudget)) throw error;
      throw new AppError("too_large", "the request body has too many values in it");
    }
  }

  /** Weighs bytes up to the quote that opens a text. */
  #structure(chunk: Uint8Array, from: number): number {
    const quote = chunk.indexOf(QUOTE, from);
    const end = quote < 0 ? chunk.length : quote;
    let micros = 0;
    for (let at = from; at < end; at++) micros += COSTS[chunk[at]!]!;
    this.#budget.spend(micros);
    this.#inText = quote >= 0;
    return end + 1;
  }

  /** Weighs a text up to the quote that closes it; long texts are searched at native speed. */
  #text(chunk: Uint8Array, from: number, backslashes: NextByte): number {
    let start = this.#escaping ? from + 1 : from;
    this.#escaping = false;
    const quote = chunk.indexOf(QUOTE, start);
    const end = quote < 0 ? chunk.length : quote;
    for (let at = backslashes.from(start); at < end; at = backslashes.from(start)) {
      this.#budget.spend(ESCAPE_MICROS);
      start = at + 2;
      // The byte behind the backslash is escaped, and may be the quote that seemed to close the text.
      if (start > end) {
        this.#escaping = start > chunk.length;
        return start;
      }
    }
    this.#inText = quote < 0;
    return end + 1;
  }
}

/** Where a byte comes next in a chunk, searched for only once however often it is asked for. */
class NextByte {
  readonly #chunk: Uint8Array;
  readonly #byte: number;
  #next = -1;

  constructor(chunk: Uint8Array, byte: number) {
    this.#chunk = chunk;
    this.#byte = byte;
  }

  /** @param start never before an earlier one. @returns the length of the chunk when there is none. */
  from(start: number): number {
    if (this.#next >= start) return this.#next;
    const found = this.#chunk.indexOf(this.#byte, start);
    this.#next = found < 0 ? this.#chunk.length : found;
    return this.#next;
  }
}
