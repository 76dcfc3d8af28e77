import type { GenerationMessage, RunnerDecide, RunnerGenerate } from "../../src/engine/protocol.ts";

/** Prints a line for each answer at its end, under the name that the server's log has for its request. The server logs what a runner prints. */
export class AnswerLog {
  readonly #names = new Map<number, string>();

  begun(request: RunnerGenerate | RunnerDecide): void {
    const { id } = request;
    const requestId = request.type === "generate" ? request.requestId : undefined;
    if (requestId !== undefined) this.#names.set(id, requestId);
  }

  told(message: GenerationMessage): void {
    if (message.type === "text") return;
    const name = this.#names.get(message.id);
    this.#names.delete(message.id);
    if (name !== undefined) console.error(`request ${name}: ${ending(message)}`);
  }
}

function ending(message: Exclude<GenerationMessage, { type: "text" }>): string {
  if (message.type === "error") return `left off (${message.kind})`;
  if (message.type === "decided") return "decided";
  const { reason, promptTokens, cachedTokens, generatedTokens, cache } = message;
  const source = cache === undefined || cache.source === "none" ? "" : ` from ${cache.source}`;
  return `${promptTokens} prompt tokens, ${cachedTokens} cached${source}, ${generatedTokens} generated (${reason})`;
}
