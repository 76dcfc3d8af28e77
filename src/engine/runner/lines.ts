/** A line longer than this is handed over in pieces, so that a process that never ends one cannot fill our memory. */
const MAX_LINE = 16_384;

/**
 * Reads a process's output to its end, line by line; a carriage return ends a line as well (progress bars). Empty lines are left out.
 * Always reading is what keeps the process from blocking on a full pipe.
 */
export async function readLines(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/[\r\n]+/);
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onLine(line);
    if (rest.length > MAX_LINE) {
      onLine(rest);
      rest = "";
    }
  }
  rest += decoder.decode();
  if (rest !== "") onLine(rest);
}
