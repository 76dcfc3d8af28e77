import { badRequest } from "../lib/errors.ts";

/**
 * Refuses a context length below 1. A model that has such a one stored, from a registry or an older version, is used as if it had none.
 *
 * @throws AppError `bad_request`. Ollama takes 0 and negative numbers for other things, silently.
 */
export function requirePositiveContext(numCtx: unknown): void {
  if (typeof numCtx !== "number" || numCtx >= 1) return;
  throw badRequest(`option "num_ctx" must be at least 1, not ${numCtx}`);
}
