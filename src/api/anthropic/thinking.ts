import type { Translated } from "../../inference/request-options.ts";
import type { GenerateIntent, Think } from "../../intent/generate.ts";
import { ignoredField } from "../wire/notices.ts";
import type { CountTokensRequest } from "./schema/request.ts";

type ThinkIntent = Pick<GenerateIntent, "think" | "thinkIfAble">;

type Effort = NonNullable<NonNullable<CountTokensRequest["output_config"]>["effort"]>;

/** `output_config.effort` (docs/behaviour: api-openai §9.2). */
const EFFORTS: Record<Effort, Think> = {
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "max",
  max: "max",
};

/** The effort that the last system message with one asks for, or else the request. */
function effortOf({ output_config, messages = [] }: CountTokensRequest): Think | undefined {
  const later = messages.findLast((message) => message.output_config?.effort !== undefined);
  const effort = (later?.output_config ?? output_config)?.effort;
  return effort === undefined ? undefined : EFFORTS[effort];
}

/** Are the thoughts left out of the reply? */
export const omitsThinking = ({ thinking }: CountTokensRequest): boolean => thinking?.display === "omitted";

/**
 * How the model is asked to think (docs/behaviour: api-openai §9.2). Clients ask every model for it, so one that cannot think answers
 * without; an effort makes the thinking of `enabled` and `adaptive` deeper or shallower.
 */
export function thinkOf(body: CountTokensRequest): Translated<ThinkIntent> {
  const { type, budget_tokens } = body.thinking ?? {};
  const effort = effortOf(body);
  const think = type === "disabled" ? false : (effort ?? (type === "enabled" ? true : undefined));
  const notices =
    budget_tokens === undefined
      ? []
      : [
          ignoredField(
            "thinking.budget_tokens",
            "thoughts count towards max_tokens and have no limit of their own",
          ),
        ];
  return { intent: think === undefined ? {} : { think, thinkIfAble: true }, notices };
}
