import { keepAliveOf, optionsOf, type Translated } from "../../inference/request-options.ts";
import type { GenerateIntent, OutputFormat } from "../../intent/generate.ts";
import type { RunOptions } from "../../intent/options.ts";
import { badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import { conversationOf } from "./conversation.ts";
import { CountTokensRequest, MessagesRequest } from "./model/request.ts";
import { refuseUnsupported } from "./refuse-unsupported.ts";
import { thinkOf } from "./thinking.ts";
import { toolsOf } from "./tools.ts";

const isText = (value: unknown): value is string => typeof value === "string";

function outputFormat(format: unknown, where: string): OutputFormat | undefined {
  if (format === undefined || format === null) return undefined;
  if (!isRecord(format) || format.type !== "json_schema") {
    throw badRequest(`${where}.type: must be "json_schema"`);
  }
  if (!isRecord(format.schema)) throw badRequest(`${where}.schema: must be an object`);
  return { type: "schema", schema: format.schema };
}

/** `output_config.format`, or its older place. */
function formatOf({ output_config, output_format }: CountTokensRequest): { format?: OutputFormat } {
  const newer = outputFormat(output_config?.format, "output_config.format");
  const older = outputFormat(output_format, "output_format");
  const format = newer ?? older;
  return format === undefined ? {} : { format };
}

/** What is shared by a conversation that is answered and one that is measured. */
function conversationIntent(body: CountTokensRequest): Translated<GenerateIntent> {
  refuseUnsupported(body);
  const messages = conversationOf(body);
  const tools = toolsOf(body);
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
    notices: [messages, tools, think, options].flatMap(({ notices }) => notices),
  };
}

function requireModel({ model }: CountTokensRequest): void {
  if (model === undefined || model === "") throw badRequest("model is required");
}

/** @throws AppError `bad_request` where there is none. 0 says nothing, as Anthropic's API has it. */
function maxTokensOf({ max_tokens }: MessagesRequest): number {
  if (max_tokens === undefined || max_tokens < 0)
    throw badRequest("max_tokens is required and must be positive");
  return max_tokens;
}

/** The request's own sequences that end its answer. Without any, those of the model's PARAMETERs hold. */
export function stopSequencesOf({ stop_sequences = [] }: MessagesRequest): string[] {
  if (Array.isArray(stop_sequences) && stop_sequences.every(isText)) return stop_sequences;
  throw badRequest("stop_sequences: must be an array of strings");
}

function ownOptions(body: MessagesRequest): RunOptions {
  const { temperature, top_k, top_p } = body;
  const stop = stopSequencesOf(body);
  return {
    num_predict: maxTokensOf(body),
    ...(temperature !== undefined && { temperature }),
    ...(top_k !== undefined && { top_k }),
    ...(top_p !== undefined && { top_p }),
    ...(stop.length > 0 && { stop }),
  };
}

/**
 * POST /v1/messages in the inner language (spec: api-openai §9). Anthropic's own fields come before Ollama's `options`, and both
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
