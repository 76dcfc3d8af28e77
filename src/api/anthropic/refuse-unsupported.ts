import { badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import type { CountTokensRequest, MessagesRequest } from "./model/request.ts";
import { ThreadRefusal } from "./thread-refusal.ts";

/** Fields that cannot be honoured, whatever they say. */
const REFUSED = {
  container: "no code is run",
  compaction: "conversations are not summarised",
  fallbacks: "the request's own model answers, or none",
  inference_geo: "answers are made where the server is",
  diagnostics: "requests are not compared with each other",
} as const;

const refuse = (field: string, why: string) => {
  throw badRequest(`${field} is not supported: ${why}`);
};

/** An edit that leaves the conversation as it is. Anthropic's own command line sends it with every request. */
const changesNothing = (edit: unknown): boolean =>
  isRecord(edit) && edit.type === "clear_thinking_20251015" && edit.keep === "all";

function refuseEdits(management: unknown): void {
  if (management === undefined) return;
  const edits = isRecord(management) ? (management.edits ?? []) : undefined;
  if (Array.isArray(edits) && edits.every(changesNothing)) return;
  refuse("context_management", "conversations are not edited, other than to keep all thinking");
}

/** @throws AppError `bad_request` for a field that asks for what a local model cannot do. */
export function refuseUnsupported(body: CountTokensRequest | MessagesRequest): void {
  for (const [field, why] of Object.entries(REFUSED)) if (field in body) refuse(field, why);
  if (body.thread !== undefined) throw new ThreadRefusal();
  refuseEdits(body.context_management);
  const { speed = "standard", mcp_servers = [], output_config = {} } = body;
  if (speed !== "standard") refuse(`speed ${JSON.stringify(speed)}`, "there is one speed");
  if (!Array.isArray(mcp_servers) || mcp_servers.length > 0)
    refuse("mcp_servers", "the server connects to none");
  if (output_config.task_budget !== undefined) {
    refuse("output_config.task_budget", "there are no budgets across requests");
  }
  const tier = "service_tier" in body ? body.service_tier : "auto";
  if (tier !== "auto" && tier !== "standard_only") {
    refuse(`service_tier ${JSON.stringify(tier)}`, "there is one tier");
  }
}
