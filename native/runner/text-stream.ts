/** Text that may go out, and whether a stop string ended it. */
export interface TextPart {
  text: string;
  stopped: boolean;
}

/**
 * Turns a token stream's bytes into text that is safe to send: whole UTF-8 characters only, and never a part of a stop string
 * (a suffix that may become one is held back until it cannot).
 */
export class TextStream {
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #stops: readonly string[];
  #held = "";
  #stoppedBy: string | undefined;

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== "");
  }

  /** True while characters wait for the next ones. */
  get holding(): boolean {
    return this.#held !== "";
  }

  /** The stop string that ended the text; undefined while none has. */
  get stoppedBy(): string | undefined {
    return this.#stoppedBy;
  }

  push(bytes: Uint8Array): TextPart {
    const text = this.#held + this.#decoder.decode(bytes, { stream: true });
    const end = firstStop(text, this.#stops);
    if (end !== undefined) {
      this.#held = "";
      this.#stoppedBy = end.stop;
      return { text: text.slice(0, end.at), stopped: true };
    }
    const keep = text.length - openSuffix(text, this.#stops);
    this.#held = text.slice(keep);
    return { text: text.slice(0, keep), stopped: false };
  }

  /** The text that was held back and has not become a stop string when the answer ends. An incomplete character is dropped. */
  end(): string {
    const text = this.#held;
    this.#held = "";
    return text;
  }
}

/** The earliest stop string in `text`; of two at one place the first of the list. */
function firstStop(text: string, stops: readonly string[]): { stop: string; at: number } | undefined {
  let first: { stop: string; at: number } | undefined;
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at !== -1 && (first === undefined || at < first.at)) first = { stop, at };
  }
  return first;
}

/** Length of the longest suffix of `text` that begins some stop string. */
function openSuffix(text: string, stops: readonly string[]): number {
  return stops.reduce((longest, stop) => {
    for (let size = Math.min(stop.length - 1, text.length); size > longest; size--) {
      if (text.endsWith(stop.slice(0, size))) return size;
    }
    return longest;
  }, 0);
}
