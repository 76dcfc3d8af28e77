/** A streamed answer as its client saw it. */
export interface Streamed {
  /** When each piece of it came, in milliseconds since the request. */
  times: readonly number[];
  /** When the first piece came; for an answer without any, when it ended. */
  firstMs: number;
  text: string;
  /** Tokens of the answer, where the server counts them. */
  tokens: number;
}

interface Event {
  response?: string;
  message?: { content?: string; tool_calls?: unknown };
  choices?: { delta?: { content?: string | null; tool_calls?: unknown } }[];
  eval_count?: number;
  error?: unknown;
}

/**
 * Reads a stream of NDJSON or of server-sent events. Comments, roles and other chunks without content are no tokens.
 *
 * @param since when the request was sent, of `Bun.nanoseconds()`.
 * @throws Error when the stream tells of one.
 */
export async function readStreamed(body: AsyncIterable<Uint8Array>, since: number): Promise<Streamed> {
  const times: number[] = [];
  const decoder = new TextDecoder();
  let text = "";
  let tokens = 0;
  let rest = "";
  for await (const chunk of body) {
    const now = (Bun.nanoseconds() - since) / 1e6;
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const event of lines.flatMap(eventOf)) {
      if (event.error !== undefined) throw new Error(JSON.stringify(event.error));
      tokens = event.eval_count ?? tokens;
      const piece = pieceOf(event);
      if (piece === "") continue;
      times.push(now);
      text += piece;
    }
  }
  return { times, firstMs: times[0] ?? (Bun.nanoseconds() - since) / 1e6, text, tokens };
}

function eventOf(line: string): Event[] {
  const json = line.replace(/^data: /, "").trim();
  return json.startsWith("{") ? [JSON.parse(json) as Event] : [];
}

/** What an event has of the answer: text, or a tool call as JSON. */
function pieceOf({ response, message, choices }: Event): string {
  const said = message ?? choices?.[0]?.delta;
  const call = said?.tool_calls ? JSON.stringify(said.tool_calls) : "";
  return (response ?? said?.content ?? "") + call;
}
