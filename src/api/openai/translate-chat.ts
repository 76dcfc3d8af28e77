import type { Translated } from "../../inference/request-options.ts";
import type { GenerateIntent, Think } from "../../intent/generate.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import { effortOf } from "./effort.ts";
import { messagesOf } from "./messages.ts";
import { ChatCompletionRequest } from "./model/chat.ts";
import { outputFormat } from "./output-format.ts";
import { refuseFields, refuseTier, refuseVerbosity } from "./refusals.ts";
import { RequestError } from "./request-error.ts";
import { sharedIntent, topLogprobsOf } from "./sampling.ts";
import { toolsOf } from "./tools.ts";

const thinkOf = ({ reasoning, reasoning_effort }: ChatCompletionRequest): { think?: Think } =>
  effortOf("reasoning_effort", reasoning?.effort || reasoning_effort);

const FORMAT = { param: "response_format", schemaPath: "json_schema.schema" };

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

function refuseUnsupported(body: ChatCompletionRequest): void {
  refuseFields(body, REFUSED);
  const { store, service_tier, verbosity, modalities = ["text"] } = body;
  if (store) throw new RequestError("store", "store is not supported: nothing is stored");
  refuseTier(service_tier);
  refuseVerbosity("verbosity", verbosity);
  if (modalities.some((modality) => modality !== "text")) {
    throw new RequestError("modalities", "modalities other than text are not supported");
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
      ...outputFormat(body.response_format, FORMAT),
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
