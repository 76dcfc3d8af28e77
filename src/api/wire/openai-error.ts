import { Type } from "@sinclair/typebox";
import type { AppError } from "../../lib/errors.ts";
import { reply, replyText } from "./reply-fields.ts";

/** A failure, in OpenAI's form. */
export const OpenAiErrorDetail = reply("OpenAIErrorDetail", "What went wrong.", {
  message: replyText("What went wrong, in a sentence for people."),
  type: replyText(
    "`invalid_request_error` (400, 401), `not_found_error` (404), `rate_limit_error` (429), otherwise `api_error`.",
  ),
  param: Type.Union([Type.String(), Type.Null()], {
    description: "The field that was refused, if it was one.",
  }),
  code: Type.Union([Type.String(), Type.Null()], {
    description: "What clients may decide on, such as `previous_response_not_found`; mostly null.",
  }),
});

/** The error envelope of everything below `/v1` (docs/behaviour: api-openai §2), OpenAI's own routes or not. */
export const OpenAiError = reply(
  "OpenAIError",
  "A failure. Within a stream it is the last event, under status 200.",
  { error: OpenAiErrorDetail },
);

const TYPES: Record<number, string> = {
  400: "invalid_request_error",
  401: "invalid_request_error",
  404: "not_found_error",
  429: "rate_limit_error",
};

/** OpenAI's codes by status, on which its clients decide. */
const CODES: Record<number, string> = { 401: "invalid_api_key", 429: "rate_limit_exceeded" };

/** An error in that envelope. @param param the field that was refused, if it was one. @param code for clients to decide on. */
export const openAiErrorBody = (
  { message, status }: Pick<AppError, "message" | "status">,
  param: string | null = null,
  code: string | null = CODES[status] ?? null,
) => ({ error: { message, type: TYPES[status] ?? "api_error", param, code } });
