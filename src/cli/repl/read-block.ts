import type { LineReader } from "./line-reader.ts";

const QUOTES = '"""';

/** Does the text open a `"""` block? */
export function opensBlock(text: string): boolean {
  return text.startsWith(QUOTES);
}

/**
 * The rest of a `"""` block: everything up to a line that ends with `"""`, both marks left out. A block may end on the line
 * that opened it.
 *
 * @returns undefined when the user gave up (Ctrl-C or Ctrl-D).
 */
export async function readBlock(first: string, reader: LineReader): Promise<string | undefined> {
  const lines = [first.slice(QUOTES.length)];
  while (!lines.at(-1)?.endsWith(QUOTES)) {
    const line = await reader.read("... ");
    if (typeof line !== "string") return undefined;
    lines.push(line);
  }
  return lines.join("\n").slice(0, -QUOTES.length);
}
