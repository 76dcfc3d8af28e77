import type { LoadedInfo } from "../engine/port.ts";

/**
 * Most tokens of one input. A smaller `num_ctx` counts as the client wrote it, although no model is loaded with fewer
 * than 4: Ollama's clients use it to cut inputs.
 *
 * @param trained context length that the model was trained with; 0 when it does not say.
 */
export function inputLimit(numCtx: number | undefined, trained: number, info: LoadedInfo): number {
  return Math.min(numCtx ?? info.contextLength, info.contextLength, trained || info.contextLength);
}
