/**
 * The JSON values of a newline-delimited stream, each as soon as its line is complete. A character that is split between two
 * network chunks is put together again; empty lines are skipped. Leaving the loop early cancels the stream.
 *
 * @throws SyntaxError for a line that is not JSON.
 * @internal
 */
export async function* readNdjson(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<unknown, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let open = true;
  try {
    while (open) {
      const { value, done } = await reader.read();
      open = !done;
      const lines = (rest + (done ? decoder.decode() : decoder.decode(value, { stream: true }))).split("\n");
      rest = done ? "" : (lines.pop() ?? "");
      for (const line of lines) {
        if (line.trim() !== "") yield JSON.parse(line);
      }
    }
  } finally {
    if (open) await reader.cancel().catch(() => {});
    reader.releaseLock();
  }
}
