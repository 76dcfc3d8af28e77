import { RequestError } from "../../request-error.ts";
import { LOGPROBS, type ResponseRequest } from "../schema/request.ts";

/** @throws AppError `bad_request` for alternatives without the tokens that they are alternatives to. */
export function logprobsOf({ top_logprobs: wanted = 0, include = [] }: ResponseRequest): {
  logprobs?: number;
} {
  if (include.includes(LOGPROBS)) return { logprobs: wanted };
  if (wanted > 0) throw new RequestError("top_logprobs", `top_logprobs needs include to have "${LOGPROBS}"`);
  return {};
}

/** Does what is thought also count as its summary? */
export const wantsSummary = ({ reasoning = {} }: ResponseRequest): boolean =>
  (reasoning.summary ?? reasoning.generate_summary) !== undefined;
