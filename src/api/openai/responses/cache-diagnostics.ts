import type { DiagnosisRequest } from "../../../intent/cache.ts";
import type { Usage } from "../../../intent/generate.ts";
import { defined, ifDefined } from "../../../lib/defined.ts";
import type { ResponseRequest } from "./schema/request.ts";
import type { PromptCacheDiagnostics, ResponseObject } from "./schema/response.ts";

const comparedWith = ({ prompt_cache_options }: ResponseRequest): string | undefined =>
  prompt_cache_options?.comparison_response_id || undefined;

/** How a request asks for a diagnosis. Its response is remembered by its id in any case. */
export function responseDiagnosis(body: ResponseRequest, id: string): DiagnosisRequest {
  const previousId = comparedWith(body);
  return { id, wanted: previousId !== undefined, ...defined({ previousId }) };
}

/** `prompt_cache_options` as they were applied. */
export function appliedOptions(body: ResponseRequest): Pick<ResponseObject, "prompt_cache_options"> {
  const id = comparedWith(body);
  if (id === undefined) return {};
  return { prompt_cache_options: { mode: "implicit", ttl: "30m", comparison_response_id: id } };
}

/** The field with the diagnosis; absent where the request did not ask for one. */
export const promptCacheDiagnostics = ({
  diagnosis,
}: Usage): Pick<ResponseObject, "prompt_cache_diagnostics"> =>
  defined({ prompt_cache_diagnostics: ifDefined(diagnosis, wireOf) });

function wireOf(diagnosis: NonNullable<Usage["diagnosis"]>): PromptCacheDiagnostics {
  if (diagnosis === "not_found") return { type: "comparison_response_not_found" };
  const { reason, missedTokens: cache_missed_tokens } = diagnosis;
  switch (reason) {
    case "hit":
      return { type: "cache_hit" };
    case "model_changed":
    case "tools_changed":
      return { type: "cache_miss", reason, cache_missed_tokens };
    case "manner_changed":
      return { type: "cache_miss", reason: "reasoning_effort_changed", cache_missed_tokens };
    case "system_changed":
    case "messages_changed":
      return { type: "cache_miss", reason: "input_changed", cache_missed_tokens };
    default:
      return { type: "unavailable" };
  }
}
