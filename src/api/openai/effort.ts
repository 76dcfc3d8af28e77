import type { Think } from "../../intent/generate.ts";
import type { ChatCompletionRequest } from "./schema/chat.ts";

type Effort = NonNullable<ChatCompletionRequest["reasoning_effort"]>;

/** How hard to think (docs/behaviour: api-openai §3.1). */
const EFFORTS: Record<Exclude<Effort, "">, Think> = {
  none: false,
  minimal: "low",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "max",
  ultra: "max",
  max: "max",
};
/** The level of thinking of an effort; none where the request has no effort. */
export const thinkOfEffort = (effort: Effort | undefined): { think?: Think } =>
  effort ? { think: EFFORTS[effort] } : {};

const saidInWords = (type: string | undefined): boolean | undefined =>
  type === "enabled" || type === "disabled" ? type === "enabled" : undefined;

/**
 * How a conversation's model is asked to think: by OpenAI's effort, or as other servers know it. Clients send the latter to every model,
 * so one that cannot think answers without.
 */
export function chatThinkOf(body: ChatCompletionRequest): { think?: Think; thinkIfAble?: boolean } {
  const { reasoning, reasoning_effort, chat_template_kwargs: template, thinking } = body;
  const effort = reasoning?.effort || reasoning_effort;
  if (effort) return thinkOfEffort(effort);
  const think =
    body.think ??
    reasoning?.enabled ??
    body.enable_thinking ??
    template?.enable_thinking ??
    template?.thinking ??
    saidInWords(thinking?.type);
  return think === undefined ? {} : { think, thinkIfAble: true };
}
