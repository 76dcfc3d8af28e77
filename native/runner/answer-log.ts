import type { FromRunner } from "../../src/engine/protocol.ts";

/** What ends a call that is logged. */
type End = Extract<FromRunner, { type: "done" | "decided" | "embeddings" | "error" }>;

/**
 * Prints a line for each answer at its end, and for what is embedded, ranked or decided, under the name that the server's log has for its
 * request. The server logs what a runner prints.
 */
export class AnswerLog {
  readonly #names = new Map<number, string>();

  begun({ id, requestId }: { id: number; requestId?: string }): void {
    if (requestId !== undefined) this.#names.set(id, requestId);
  }

  told(message: FromRunner): void {
    if (!isEnd(message)) return;
    const name = this.#names.get(message.id);
    this.#names.delete(message.id);
    if (name !== undefined) console.error(`request ${name}: ${ending(message)}`);
  }
}

const isEnd = (message: FromRunner): message is End =>
  ["done", "decided", "embeddings", "error"].includes(message.type);

function ending(message: End): string {
  switch (message.type) {
    case "error":
      return `left off (${message.kind})`;
    case "decided":
      return `${message.logprobs.length} questions decided, ${message.promptTokens} prompt tokens, ${message.cachedTokens} cached`;
    case "embeddings": {
      const tokens = message.lengths.reduce((sum, length) => sum + length, 0);
      return `${message.lengths.length} texts evaluated, ${tokens} tokens`;
    }
    case "done":
      return answered(message);
  }
}

function answered(message: Extract<End, { type: "done" }>): string {
  const { reason, promptTokens, cachedTokens, generatedTokens, cache } = message;
  const source = cache === undefined || cache.source === "none" ? "" : ` from ${cache.source}`;
  return `${promptTokens} prompt tokens, ${cachedTokens} cached${source}, ${generatedTokens} generated (${reason})`;
}
