import type { AppError } from "../../lib/errors.ts";
import { PromptTooLong } from "../../prompt/fit-tokens.ts";
import { openAiErrorBody } from "../wire/openai-error.ts";
import { indexed, RefusedValue } from "../wire/refusal.ts";
import { jsonReply } from "../wire/reply.ts";
import { RequestError } from "./request-error.ts";

/** OpenAI's error envelope, with the codes that its clients decide on. */
export function openaiErrorBody(error: AppError) {
  if (error instanceof RequestError) return openAiErrorBody(error, error.param, error.code);
  if (error instanceof RefusedValue) return openAiErrorBody(error, indexed(error.path));
  return error instanceof PromptTooLong
    ? openAiErrorBody(error, null, "context_length_exceeded")
    : openAiErrorBody(error);
}

export const renderOpenaiError = (error: AppError): Response =>
  jsonReply(openaiErrorBody(error), { status: error.status });
