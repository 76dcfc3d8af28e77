import type { FromRunner } from "../../src/engine/protocol.ts";

/** The message that ends a call which is logged. */
type End = Extract<FromRunner, { type: "done" | "decided" | "embeddings" | "error" }>;

/**
 * Prints a line at the end of each answer, embedding, ranking and decision, with the id that the server's log has for its request. The
 * server logs a runner's output.
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
