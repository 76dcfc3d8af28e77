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
