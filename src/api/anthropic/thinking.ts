import type { Translated } from "../../inference/request-options.ts";
import type { GenerateIntent, Think } from "../../intent/generate.ts";
import { badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import { ignoredField } from "../wire/notices.ts";
import type { CountTokensRequest } from "./model/request.ts";

type ThinkIntent = Pick<GenerateIntent, "think" | "thinkIfAble">;

/** `output_config.effort` (spec: api-openai §9.2). */
const EFFORTS: Record<string, Think> = {
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "max",
  max: "max",
};

const TYPES = ["enabled", "adaptive", "disabled"];

function configOf(thinking: unknown): Record<string, unknown> {
  if (thinking === undefined) return {};
  if (!isRecord(thinking)) throw badRequest("thinking: must be an object");
  const { type, display } = thinking;
  if (typeof type !== "string" || !TYPES.includes(type)) {
    throw badRequest('thinking.type: must be "enabled", "disabled" or "adaptive"');
  }
  if (display !== undefined && display !== null && display !== "summarized" && display !== "omitted") {
    throw badRequest('thinking.display: must be "summarized" or "omitted"');
  }
  return thinking;
}

function effortOf({ output_config = {} }: CountTokensRequest): Think | undefined {
  const { effort } = output_config;
  if (effort === undefined) return undefined;
  const think = typeof effort === "string" && Object.hasOwn(EFFORTS, effort) ? EFFORTS[effort] : undefined;
  if (think !== undefined) return think;
  throw badRequest(`output_config.effort: must be one of "${Object.keys(EFFORTS).join('", "')}"`);
}

/** Are the thoughts left out of the reply? */
export const omitsThinking = ({ thinking }: CountTokensRequest): boolean =>
  configOf(thinking).display === "omitted";

/**
 * How the model is asked to think (spec: api-openai §9.2). Clients ask every model for it, so one that cannot think answers
 * without; an effort makes the thinking of `enabled` and `adaptive` deeper or shallower.
 *
 * @throws AppError `bad_request`.
 */
export function thinkOf(body: CountTokensRequest): Translated<ThinkIntent> {
  const { type, budget_tokens } = configOf(body.thinking);
  const effort = effortOf(body);
  const think = type === "disabled" ? false : (effort ?? (type === "enabled" ? true : undefined));
  const notices =
    budget_tokens === undefined || budget_tokens === null
      ? []
      : [
          ignoredField(
            "thinking.budget_tokens",
            "thoughts count towards max_tokens and have no limit of their own",
          ),
        ];
  return { intent: think === undefined ? {} : { think, thinkIfAble: true }, notices };
}
