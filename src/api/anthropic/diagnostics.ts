import type { DiagnosisRequest } from "../../intent/cache.ts";
import type { Usage } from "../../intent/generate.ts";
import type { Diagnostics } from "./schema/reply.ts";
import type { MessagesRequest } from "./schema/request.ts";

/** How a request asks for a diagnosis. Its answer is remembered by its id in any case. */
export const messageDiagnosis = ({ diagnostics }: MessagesRequest, id: string): DiagnosisRequest => ({
  id,
  wanted: diagnostics !== undefined,
  ...(diagnostics?.previous_message_id && { previousId: diagnostics.previous_message_id }),
});

/** `diagnostics` of an answer: null where none were asked for, or nothing missed the cache. */
export function wireDiagnostics({ diagnosis }: Pick<Usage, "diagnosis">): Diagnostics {
  if (diagnosis === undefined) return null;
  if (diagnosis === "not_found") return { cache_miss_reason: { type: "previous_message_not_found" } };
  const { reason, missedTokens } = diagnosis;
  switch (reason) {
    case "hit":
    case "new":
      return null;
    case "model_changed":
    case "system_changed":
    case "tools_changed":
    case "messages_changed":
      return { cache_miss_reason: { type: reason, cache_missed_input_tokens: missedTokens } };
    default:
      return { cache_miss_reason: { type: "unavailable" } };
  }
}
