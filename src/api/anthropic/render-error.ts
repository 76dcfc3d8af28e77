import { PictureUrlRefused } from "../../inference/pictures.ts";
import type { AppError } from "../../lib/errors.ts";
import { PromptTooLong } from "../../prompt/fit-tokens.ts";
import { jsonReply } from "../wire/reply.ts";
import { newRequestId, requestIdHeader } from "./request-id.ts";
import { ThreadRefusal } from "./thread-refusal.ts";

/** Error types by status (docs/behaviour: api-openai §9.1; 413 as Anthropic has it). */
const TYPES: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  405: "invalid_request_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  529: "overloaded_error",
};

/** Ollama's words for a source that is not a file, in this dialect. */
function messageOf(error: AppError): string {
  if (error instanceof PictureUrlRefused)
    return "invalid image source type: url. Only base64 images are supported.";
  // Anthropic's own words: agents look for them, and shorten the conversation.
  if (error instanceof PromptTooLong)
    return `prompt is too long: ${error.tokens} tokens > ${error.contextLength} maximum`;
  return error.message;
}

/** Anthropic's error envelope. */
export const anthropicErrorBody = (error: AppError, requestId: string) => ({
  type: "error" as const,
  error: {
    type: TYPES[error.status] ?? "api_error",
    message: messageOf(error),
    ...(error instanceof ThreadRefusal && { details: error.details }),
  },
  request_id: requestId,
});

export function renderAnthropicError(error: AppError): Response {
  const requestId = newRequestId();
  return jsonReply(anthropicErrorBody(error, requestId), {
    status: error.status,
    headers: requestIdHeader(requestId),
  });
}
