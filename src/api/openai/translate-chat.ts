import type { GenerateIntent, OutputFormat, Think } from "../../intent/generate.ts";
import type { Translated } from "../answer/request-options.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import { messagesOf } from "./messages.ts";
import { ChatCompletionRequest } from "./model/chat.ts";
import { RequestError } from "./request-error.ts";
import { sharedIntent, topLogprobsOf } from "./sampling.ts";
import { toolsOf } from "./tools.ts";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `reasoning_effort` (spec: api-openai §3.1). */
const EFFORTS: Record<string, Think> = {
  none: false,
  minimal: "low",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "max",
  ultra: "max",
  max: "max",
};
const EFFORT_VALUES = '"minimal", "low", "medium", "high", "xhigh", "ultra", "max", or "none"';

function thinkOf({ reasoning, reasoning_effort }: ChatCompletionRequest): { think?: Think } {
  const effort = reasoning?.effort || reasoning_effort;
  if (effort === undefined || effort === "") return {};
  const think = typeof effort === "string" && Object.hasOwn(EFFORTS, effort) ? EFFORTS[effort] : undefined;
  if (think !== undefined) return { think };
  throw new RequestError(
    "reasoning_effort",
    `invalid reasoning value: ${JSON.stringify(effort)} (must be ${EFFORT_VALUES})`,
  );
}

function schemaOf(format: Record<string, unknown>): OutputFormat {
  const { schema } = isRecord(format.json_schema) ? format.json_schema : {};
  if (isRecord(schema)) return { type: "schema", schema };
  throw new RequestError("response_format", "response_format of type json_schema needs a json_schema.schema");
}

/** `response_format`; spec: api-openai §3.1, where others than these mean none. */
function formatOf(format: unknown): { format?: OutputFormat } {
  if (format === undefined) return {};
  if (!isRecord(format)) throw new RequestError("response_format", "response_format must be an object");
  const type = typeof format.type === "string" ? format.type.trim().toLowerCase() : format.type;
  if (type === "text") return {};
  if (type === "json_object") return { format: { type: "json" } };
  if (type === "json_schema") return { format: schemaOf(format) };
  throw new RequestError(
    "response_format",
    `response_format type must be "text", "json_object" or "json_schema", not ${JSON.stringify(type)}`,
  );
}

function logprobsOf({ logprobs, top_logprobs }: ChatCompletionRequest): { logprobs?: number } {
  const top = top_logprobs === undefined ? 0 : topLogprobsOf("top_logprobs", top_logprobs);
  if (logprobs) return { logprobs: top };
  if (top > 0) throw new RequestError("top_logprobs", "top_logprobs needs logprobs to be true");
  return {};
}

/** Fields that cannot be honoured, whatever they say. */
const REFUSED = {
  audio: "audio is not supported: answers are text",
  prediction: "prediction is not supported: the engine does not use predicted outputs",
  web_search_options: "web_search_options is not supported: the server reaches no web search",
  functions: "functions is not supported: use tools",
  function_call: "function_call is not supported: use tool_choice",
} as const;

const refuse = (param: string, message: string) => {
  throw new RequestError(param, message);
};

function refuseUnsupported(body: ChatCompletionRequest): void {
  for (const [field, why] of Object.entries(REFUSED)) if (field in body) refuse(field, why);
  const { store, service_tier = "auto", verbosity = "medium", modalities = ["text"] } = body;
  if (store) refuse("store", "store is not supported: nothing is stored");
  if (!["auto", "default"].includes(service_tier)) {
    refuse(
      "service_tier",
      `service_tier ${JSON.stringify(service_tier)} is not supported: there is one tier`,
    );
  }
  if (verbosity !== "medium")
    refuse("verbosity", "verbosity is not supported: ask for short or long answers");
  if (modalities.some((modality) => modality !== "text")) {
    refuse("modalities", "modalities other than text are not supported");
  }
}

/** `/v1/chat/completions` (spec: api-openai §3). @throws AppError `bad_request`. */
export function translateChat(body: ChatCompletionRequest): Translated<GenerateIntent> {
  refuseUnsupported(body);
  const messages = messagesOf(body.messages ?? []);
  const tools = toolsOf(body);
  const shared = sharedIntent(body);
  return {
    intent: {
      ...shared.intent,
      input: { type: "chat", messages: messages.intent, ...tools.intent },
      debugRenderOnly: body._debug_render_only ?? false,
      ...thinkOf(body),
      ...formatOf(body.response_format),
      ...logprobsOf(body),
    },
    notices: [
      ...unknownFieldNotices(ChatCompletionRequest, body),
      ...messages.notices,
      ...tools.notices,
      ...shared.notices,
    ],
  };
}
