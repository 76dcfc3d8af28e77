import { RequestError } from "../request-error.ts";
import { topLogprobsOf } from "../sampling.ts";
import type { ResponseRequest } from "./model/request.ts";

const LOGPROBS = "message.output_text.logprobs";

/** What can be included. Of the last ones there is never anything: they belong to hosted tools and to images. */
const INCLUDABLE = [
  LOGPROBS,
  "reasoning.encrypted_content",
  "message.input_image.image_url",
  "web_search_call.action.sources",
  "web_search_call.results",
  "code_interpreter_call.outputs",
  "computer_call_output.output.image_url",
  "file_search_call.results",
];

/** @throws AppError `bad_request` for what cannot be included. */
export function includedIn(include: unknown): ReadonlySet<unknown> {
  if (include === undefined) return new Set();
  if (Array.isArray(include) && include.every((one) => INCLUDABLE.includes(one))) return new Set(include);
  throw new RequestError("include", `include must be a list of: ${INCLUDABLE.join(", ")}`);
}

/** @throws AppError `bad_request` for alternatives without the tokens that they are alternatives to. */
export function logprobsOf(top: unknown, included: ReadonlySet<unknown>): { logprobs?: number } {
  const wanted = top === undefined ? 0 : topLogprobsOf("top_logprobs", top);
  if (included.has(LOGPROBS)) return { logprobs: wanted };
  if (wanted > 0) throw new RequestError("top_logprobs", `top_logprobs needs include to have "${LOGPROBS}"`);
  return {};
}

/** May the prompt be shortened? @throws AppError `bad_request`. */
export function truncates(truncation = "disabled"): boolean {
  if (truncation === "auto" || truncation === "disabled") return truncation === "auto";
  throw new RequestError("truncation", 'truncation must be "auto" or "disabled"');
}

/** Does what is thought also count as its summary? @throws AppError `bad_request`. */
export function wantsSummary({ summary, generate_summary }: NonNullable<ResponseRequest["reasoning"]> = {}) {
  const wanted = summary ?? generate_summary;
  if (wanted === undefined) return false;
  if (["auto", "concise", "detailed"].includes(wanted)) return true;
  throw new RequestError("reasoning.summary", 'reasoning.summary must be "auto", "concise" or "detailed"');
}

const MAX_PAIRS = 16;
const MAX_KEY = 64;
const MAX_VALUE = 512;

/** @throws AppError `bad_request` for more than OpenAI keeps. */
export function metadataOf(metadata: unknown = {}): Record<string, string> {
  const wrong = new RequestError(
    "metadata",
    `metadata must map at most ${MAX_PAIRS} names of at most ${MAX_KEY} characters to texts of at most ${MAX_VALUE}`,
  );
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata)) throw wrong;
  const pairs = Object.entries(metadata).map(([key, value]: [string, unknown]): [string, string] => {
    if (typeof value !== "string" || key.length > MAX_KEY || value.length > MAX_VALUE) throw wrong;
    return [key, value];
  });
  if (pairs.length > MAX_PAIRS) throw wrong;
  return Object.fromEntries(pairs);
}
