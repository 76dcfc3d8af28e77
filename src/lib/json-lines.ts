/** Puts values back together that arrive as one JSON text a line, in chunks cut anywhere. Lines may be of any length. */
export class JsonLines {
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #rest = "";

  /**
   * @returns the values whose lines this chunk completes, in order.
   * @throws SyntaxError at a line that is no JSON.
   */
  push(chunk: Uint8Array): unknown[] {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.map((line): unknown => JSON.parse(line));
  }
}
