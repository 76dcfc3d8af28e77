import type { Translated } from "../../inference/request-options.ts";
import type { CompletionInput, GenerateIntent } from "../../intent/generate.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import { RequestError } from "./request-error.ts";
import { sharedIntent } from "./sampling.ts";
import { CompletionRequest } from "./schema/completion.ts";
import { MAX_ANSWERS } from "./schema/fields.ts";
import type { TextsOrTokens } from "./schema/texts-or-tokens.ts";

const isTokens = (value: TextsOrTokens): value is number[] =>
  typeof value !== "string" && value.every((each) => typeof each === "number");

/** The texts, each as a text or as its tokens. */
function textsOrTokensList(given: TextsOrTokens): (string | number[])[] {
  if (typeof given === "string") return [given];
  return isTokens(given) ? [given] : given;
}

function promptsOf({ prompt = "" }: CompletionRequest, answers: number): (string | number[])[] {
  const prompts = textsOrTokensList(prompt);
  const all = prompts.length * answers;
  if (all > MAX_ANSWERS) {
    throw new RequestError("prompt", `a request may have ${MAX_ANSWERS} answers, not ${all}`);
  }
  return prompts;
}

function logprobsOf({ logprobs, echo }: CompletionRequest): { logprobs?: number } {
  if (logprobs === undefined) return {};
  if (echo) throw new RequestError("logprobs", "logprobs with echo is not supported: prompts are not scored");
  return { logprobs };
}

const inputOf = (prompt: string | number[], suffix: string | undefined): CompletionInput => ({
  type: "completion",
  ...(isTokens(prompt) ? { prompt: "", tokens: prompt } : { prompt }),
  raw: false,
  images: [],
  ...(suffix && { suffix }),
});

/**
 * `/v1/completions` (docs/behaviour: api-openai §4), an intent for every prompt. Thinking is off: a completion has no place for it.
 *
 * @throws AppError `bad_request`.
 */
export function translateCompletion(body: CompletionRequest): Translated<GenerateIntent[]> {
  const { best_of } = body;
  const answers = body.n ?? 1;
  if (best_of !== undefined && best_of !== answers) {
    throw new RequestError("best_of", "best_of other than n is not supported");
  }
  const { intent: shared, notices } = sharedIntent(body);
  const logprobs = logprobsOf(body);
  const prompts = promptsOf(body, answers);
  if (body.suffix && prompts.some(isTokens)) {
    throw new RequestError("suffix", "suffix needs a prompt that is text");
  }
  return {
    intent: prompts.map((prompt) => ({
      ...shared,
      ...logprobs,
      input: inputOf(prompt, body.suffix),
      think: false,
      debugRenderOnly: false,
    })),
    notices: [...unknownFieldNotices(CompletionRequest, body), ...notices],
  };
}
