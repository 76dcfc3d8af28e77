import { type Static, Type } from "@sinclair/typebox";
import type { CacheDiagnosis } from "../../intent/cache.ts";
import type { Usage } from "../../intent/generate.ts";
import { defined, ifDefined } from "../../lib/defined.ts";
import { utcTimestamp } from "../../lib/rfc3339.ts";
import { oneOf } from "./fields.ts";
import { count, moment, reply } from "./reply-fields.ts";

const REASONS = [
  "hit",
  "new",
  "model_changed",
  "system_changed",
  "tools_changed",
  "manner_changed",
  "messages_changed",
  "template_moved",
  "unloaded",
  "evicted",
  "busy",
  "no_checkpoint",
  "too_short",
] as const satisfies readonly CacheDiagnosis["reason"][];

/** llamero's own form of a diagnosis, for the dialects that have none. */
export const CacheDiagnostics = reply(
  "CacheDiagnostics",
  "Not Ollama's, nor OpenAI's. Why the prompt came from the cache as far as it did, compared with the nearest earlier prompt of the same caller.",
  {
    reason: oneOf(
      REASONS,
      "`hit`: all that could be. `new`: no earlier prompt is like it. `…_changed`: the client sent something else; `manner`: other thinking, template or suffix. `template_moved`: the client sent the same, and the template wrote it otherwise. `unloaded`: the model was not in memory meanwhile. `evicted`: it was cached, and had to go. `busy`: another request is using it. `no_checkpoint`: this model's memory cannot be cut there. `too_short`: evaluating was faster.",
    ),
    source: oneOf(
      ["none", "slot", "copy", "memory", "disk"],
      "Where the cached tokens were: still in the slot, in another one, in the server's memory, or on its disk.",
    ),
    cached_tokens: count("Tokens of the prompt that needed no evaluation."),
    missed_tokens: count("Tokens that the earlier prompt had and that were evaluated again."),
    message: Type.Optional(count("The first message that differs, system messages in front not counted.")),
    byte: Type.Optional(
      count("Bytes of that message, or of the system messages, before the first one that differs."),
    ),
    evicted_at: Type.Optional(moment("When it had to go")),
    evicted_by: Type.Optional(
      oneOf(
        ["memory_budget", "no_room", "too_short"],
        "More valuable prompts needed the memory; it was larger than all of the memory for prompts; it was too short to be kept.",
      ),
    ),
  },
);
export type CacheDiagnostics = Static<typeof CacheDiagnostics>;

/** The field with the diagnosis; absent where the request did not ask for one. */
export function cacheDiagnostics({ diagnosis }: Pick<Usage, "diagnosis">): {
  cache_diagnostics?: CacheDiagnostics;
} {
  if (diagnosis === undefined || diagnosis === "not_found") return {};
  const { reason, source, cachedTokens, missedTokens, message, byte, evictedAt, evictedBy } = diagnosis;
  return {
    cache_diagnostics: {
      reason,
      source,
      cached_tokens: cachedTokens,
      missed_tokens: missedTokens,
      ...defined({ message, byte, evicted_at: ifDefined(evictedAt, utcTimestamp), evicted_by: evictedBy }),
    },
  };
}
