/** A part that is on its way, or that has arrived while one before it has not. */
export interface UploadPart {
  readonly start: number;
  readonly end: number;
  /** The session's URL that it was, or is, sent to. */
  readonly url: URL;
  /** Bytes that the connection has taken. */
  sent: number;
  done: boolean;
}

/** The bytes of a blob that the registry has: everything up to some byte, and maybe parts beyond, which go side by side. */
export class PartRow {
  readonly #waiting: UploadPart[] = [];
  /** The registry has every byte before this one. */
  end: number;
  /** The URL that the bytes from `end` on are sent to. */
  url: URL;
  /** The URL that the next part is sent to. */
  #next: URL;

  constructor(end: number, url: URL) {
    this.end = end;
    this.url = url;
    this.#next = url;
  }

  /** Begins a part. */
  begin(start: number, end: number): UploadPart {
    const part: UploadPart = { start, end, url: this.#next, sent: 0, done: false };
    this.#waiting.push(part);
    return part;
  }

  /** The registry has named the URL for what comes after the last part. */
  follow(next: URL): void {
    this.#next = next;
  }

  /** Notes that a part has arrived. @param end its real end: a registry may take less than was sent. @returns whether `end` or `url` changed. */
  complete(part: UploadPart, end: number = part.end): boolean {
    const at = this.#waiting.indexOf(part);
    this.#waiting[at] = { ...part, end, done: true };
    const before = this.end;
    while (this.#waiting[0]?.done) this.end = this.#waiting.shift()!.end;
    this.url = this.#waiting[0]?.url ?? this.#next;
    return this.end > before;
  }

  /** Bytes that have arrived or are under way. */
  get sent(): number {
    return this.#waiting.reduce(
      (sum, { start, end, sent, done }) => sum + (done ? end - start : sent),
      this.end,
    );
  }
}
