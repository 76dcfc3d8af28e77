import { renderNativeError } from "../api/ollama/render-error.ts";
import type { AppError } from "../lib/errors.ts";
import { envelopeOf } from "./envelopes.ts";

/** A refusal in the form of the path's dialect, with the headers that clients decide on. */
export function refusal(error: AppError, path: string): Response {
  const reply = (envelopeOf(path)?.render ?? renderNativeError)(error);
  if (error.retryAfter !== undefined) reply.headers.set("retry-after", String(error.retryAfter));
  if (error.kind === "unauthorized") reply.headers.set("www-authenticate", 'Bearer realm="llamero"');
  return reply;
}
