import type { Translated } from "../../inference/request-options.ts";
import type { GenerateIntent, OutputFormat } from "../../intent/generate.ts";
import { ignoredField, unknownFieldNotices } from "../wire/notices.ts";
import { chatThinkOf } from "./effort.ts";
import { messagesOf } from "./messages.ts";
import { outputFormat } from "./output-format.ts";
import { RequestError } from "./request-error.ts";
import { sharedIntent } from "./sampling.ts";
import { ChatCompletionRequest } from "./schema/chat.ts";
import { openaiToolsOf } from "./tools.ts";

const NO_SEARCH = "the server reaches no web search";

function formatOf({ response_format: format }: ChatCompletionRequest): { format?: OutputFormat } {
  if (format === undefined) return {};
  const place = { param: "response_format", schemaPath: "json_schema.schema" };
  return outputFormat({ type: format.type, schema: format.json_schema?.schema ?? format.schema }, place);
}

function logprobsOf({ logprobs, top_logprobs: top = 0 }: ChatCompletionRequest): { logprobs?: number } {
  if (logprobs) return { logprobs: top };
  if (top > 0) throw new RequestError("top_logprobs", "top_logprobs needs logprobs to be true");
  return {};
}

/** `/v1/chat/completions` (docs/behaviour: api-openai §3). @throws AppError `bad_request`. */
export function translateChatCompletion(body: ChatCompletionRequest): Translated<GenerateIntent> {
  const messages = messagesOf(body.messages ?? []);
  const tools = openaiToolsOf(body);
  const shared = sharedIntent(body);
  return {
    intent: {
      ...shared.intent,
      input: { type: "chat", messages: messages.intent, ...tools.intent },
      debugRenderOnly: body._debug_render_only ?? false,
      ...(body.cache_diagnostics && { diagnosis: { wanted: true } }),
      ...chatThinkOf(body),
      ...formatOf(body),
      ...logprobsOf(body),
    },
    notices: [
      ...unknownFieldNotices(ChatCompletionRequest, body),
      ...(body.store ? [ignoredField("store", "nothing is stored")] : []),
      ...(body.web_search_options ? [ignoredField("web_search_options", NO_SEARCH)] : []),
      ...messages.notices,
      ...tools.notices,
      ...shared.notices,
    ],
  };
}
