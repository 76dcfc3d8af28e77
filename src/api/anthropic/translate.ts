import { keepAliveOf, optionsOf, type Translated } from "../../inference/request-options.ts";
import type { GenerateIntent, Notice, OutputFormat } from "../../intent/generate.ts";
import type { RunOptions } from "../../intent/option-table.ts";
import { defined, ifDefined } from "../../lib/defined.ts";
import { badRequest } from "../../lib/errors.ts";
import { ignoredField, unknownFieldNotices } from "../wire/notices.ts";
import { conversationOf } from "./conversation.ts";
import { CountTokensRequest, MAX_TOKENS_REFUSAL, MessagesRequest } from "./schema/request.ts";
import { thinkOf } from "./thinking.ts";
import { offeredTools } from "./tool-changes.ts";
import { anthropicToolsOf } from "./tools.ts";

/** `output_config.format`, or its older place. */
function formatOf({ output_config, output_format }: CountTokensRequest): { format?: OutputFormat } {
  const format = output_config?.format ?? output_format;
  return defined({ format: ifDefined(format, ({ schema }) => ({ type: "schema" as const, schema })) });
}

/** The common part of a conversation that is answered and one whose tokens are counted. */
function conversationIntent(body: CountTokensRequest): Translated<GenerateIntent> {
  const messages = conversationOf(body);
  const tools = anthropicToolsOf({ ...body, tools: offeredTools(body) });
  const think = thinkOf(body);
  const options = optionsOf(body.options);
  return {
    intent: {
      model: body.model ?? "",
      input: { type: "chat", messages: messages.intent, ...tools.intent },
      options: options.intent,
      truncate: true,
      debugRenderOnly: false,
      ...think.intent,
      ...formatOf(body),
      ...keepAliveOf(body),
    },
    notices: [...[messages, tools, think, options].flatMap(({ notices }) => notices), ...serverNotices(body)],
  };
}

/** An edit that leaves the conversation as it is. */
const changesNothing = ({ type, keep }: Record<string, unknown>): boolean =>
  type === "clear_thinking_20251015" && keep === "all";

/** Fields for services of Anthropic's own, which this server does not have. */
const serverNotices = ({
  context_management,
  mcp_servers = [],
  container,
  fallbacks = [],
}: CountTokensRequest): Notice[] => [
  ...(container ? [ignoredField("container", "no code is run")] : []),
  ...(fallbacks.length > 0 ? [ignoredField("fallbacks", "the request's own model answers")] : []),
  ...((context_management?.edits ?? []).every(changesNothing)
    ? []
    : [ignoredField("context_management", "conversations are not edited")]),
  ...(mcp_servers.length > 0 ? [ignoredField("mcp_servers", "the server connects to none")] : []),
];

function requireModel({ model }: CountTokensRequest): void {
  if (model === undefined || model.trim() === "") throw badRequest("model is required");
}

/** @throws AppError `bad_request` where there is none. With 0 the model writes nothing, as in Anthropic's API. */
function maxTokensOf({ max_tokens }: MessagesRequest): number {
  if (max_tokens === undefined) throw badRequest(MAX_TOKENS_REFUSAL);
  return max_tokens;
}

function ownOptions(body: MessagesRequest): RunOptions {
  // Without stop sequences of its own, those of the model's PARAMETERs hold.
  const { temperature, top_k, top_p, stop_sequences: stop = [] } = body;
  return {
    num_predict: maxTokensOf(body),
    ...defined({ temperature, top_k, top_p }),
    ...(stop.length > 0 && { stop }),
  };
}

/**
 * POST /v1/messages in the inner language (docs/behaviour: api-openai §9). Anthropic's own fields come before Ollama's `options`, and both
 * before the model's PARAMETERs.
 *
 * @throws AppError `bad_request`.
 */
export function translateMessages(body: MessagesRequest): Translated<GenerateIntent> {
  requireModel(body);
  const own = ownOptions(body);
  const { intent, notices } = conversationIntent(body);
  return {
    intent: { ...intent, options: { ...intent.options, ...own }, truncate: body.truncate ?? true },
    notices: [...unknownFieldNotices(MessagesRequest, body), ...notices],
  };
}

/** POST /v1/messages/count_tokens in the inner language. @throws AppError `bad_request`. */
export function translateCount(body: CountTokensRequest): Translated<GenerateIntent> {
  requireModel(body);
  const { intent, notices } = conversationIntent(body);
  return { intent, notices: [...unknownFieldNotices(CountTokensRequest, body), ...notices] };
}
