import type { AppError } from "../../lib/errors.ts";
import { jsonReply } from "../wire/reply.ts";
import { RequestError } from "./request-error.ts";

/** Error types by status (spec: api-openai §2). */
const TYPES: Record<number, string> = { 400: "invalid_request_error", 404: "not_found_error" };

/** OpenAI's error envelope. */
export const errorBody = (error: AppError) => ({
  error: {
    message: error.message,
    type: TYPES[error.status] ?? "api_error",
    param: error instanceof RequestError ? error.param : null,
    code: null,
  },
});

export const renderError = (error: AppError): Response =>
  jsonReply(errorBody(error), { status: error.status });
