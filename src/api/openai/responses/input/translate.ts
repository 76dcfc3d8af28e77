import type { TObject } from "@sinclair/typebox";
import type { Translated } from "../../../../inference/request-options.ts";
import type { GenerateIntent, Notice, OutputFormat } from "../../../../intent/generate.ts";
import type { Message } from "../../../../intent/message.ts";
import type { ResponseBooks } from "../../../../intent/response-books.ts";
import { defined, ifDefined } from "../../../../lib/defined.ts";
import { ignoredField, unknownFieldNotices } from "../../../wire/notices.ts";
import { thinkOfEffort } from "../../effort.ts";
import { outputFormat } from "../../output-format.ts";
import { RequestError } from "../../request-error.ts";
import { sharedIntent } from "../../sampling.ts";
import type { OpenaiToolChoice } from "../../schema/tool.ts";
import { openaiToolsOf } from "../../tools.ts";
import { type HostedItem, isHostedItem } from "../schema/input-item.ts";
import { LOGPROBS, type ResponseRequest } from "../schema/request.ts";
import { isNamedTool, type ResponsesToolChoice } from "../schema/tool.ts";
import { earlierItems } from "./earlier-items.ts";
import type { Item } from "./item.ts";
import { messagesOfItems } from "./item-messages.ts";
import { readInput } from "./read-input.ts";
import { unknownItemFields } from "./read-item.ts";
import { type ItemTool, readTools, toolNotices } from "./read-tools.ts";

/** A named tool as chat completions have it; a custom one is a function to the model. */
const named = ({ name }: { name: string }) => ({ type: "function" as const, function: { name } });

/** A tool choice in the form of chat completions, where it is checked against the tools. */
function chatToolChoice(choice: ResponsesToolChoice): OpenaiToolChoice {
  if (typeof choice === "string") return choice;
  if (choice.type !== "allowed_tools") return named(choice);
  const { type, mode, tools } = choice;
  return { type, allowed_tools: { mode, tools: tools.filter(isNamedTool).map(named) } };
}

/** @throws AppError `bad_request` for `top_logprobs` without `include` of the log-probabilities. */
function logprobsOf({ top_logprobs: wanted = 0, include = [] }: ResponseRequest): {
  logprobs?: number;
} {
  if (include.includes(LOGPROBS)) return { logprobs: wanted };
  if (wanted > 0) throw new RequestError("top_logprobs", `top_logprobs needs include to have "${LOGPROBS}"`);
  return {};
}

/** Does the thinking also count as its summary? */
const wantsSummary = ({ reasoning = {} }: ResponseRequest): boolean =>
  (reasoning.summary ?? reasoning.generate_summary) !== undefined;

/** A request in the inner language, with everything that its response needs. */
export interface ResponseTask extends Translated<GenerateIntent> {
  /** The request's own items, each with an id. */
  input: Item[];
  /** Tools by the names that the model has for them. */
  tools: ReadonlyMap<string, ItemTool>;
  /** Does the thinking also count as its summary? */
  summary: boolean;
  /** Is the thinking repeated in `encrypted_content`, for clients that keep nothing else? */
  encrypted: boolean;
  metadata: Record<string, string>;
}

/** The items of the whole conversation in the inner language, the instructions in front. */
function messagesOf(body: ResponseRequest, input: readonly Item[], books: ResponseBooks): Message[] {
  const { instructions, previous_response_id } = body;
  if (body.input === undefined && previous_response_id === undefined) {
    throw new RequestError("input", "one of input and previous_response_id is required");
  }
  const messages = messagesOfItems([...earlierItems(previous_response_id, books), ...input]);
  if (messages.length === 0 && !instructions) throw new RequestError("input", "input must not be empty");
  return instructions ? [{ role: "system", content: instructions }, ...messages] : messages;
}

function sharedOf(body: ResponseRequest) {
  const { model, options, keep_alive, temperature, top_p, stream, stream_options } = body;
  const { max_output_tokens: max_tokens } = body;
  if (max_tokens !== undefined && max_tokens < 1) {
    throw new RequestError("max_output_tokens", "max_output_tokens must be at least 1");
  }
  return sharedIntent(
    defined({ model, options, keep_alive, temperature, top_p, stream, stream_options, max_tokens }),
  );
}

function toolInputOf(body: ResponseRequest, tools: ReadonlyMap<string, ItemTool>) {
  const { parallel_tool_calls, tool_choice } = body;
  return openaiToolsOf({
    tools: [...tools.values()].map(({ definition }) => definition),
    ...defined({ tool_choice: ifDefined(tool_choice, chatToolChoice), parallel_tool_calls }),
  });
}

function formatOf({ text }: ResponseRequest): { format?: OutputFormat } {
  if (text?.format === undefined) return {};
  const { type, schema } = text.format;
  return outputFormat({ type, schema }, { param: "text.format", schemaPath: "schema" });
}

/** Fields for services of OpenAI's own, which this server does not have. */
const serverNotices = ({ context_management, moderation }: ResponseRequest): Notice[] => [
  ...(context_management ? [ignoredField("context_management", "conversations are not compacted")] : []),
  ...(moderation ? [ignoredField("moderation", "nothing is moderated")] : []),
];

/** Why an item is left out that no tool has made. */
const WHY_LEFT: Partial<Record<HostedItem["type"], string>> = {
  compaction: "a summary that is sealed cannot be read",
  context_compaction: "a summary that is sealed cannot be read",
  compaction_trigger: "conversations are not compacted",
  configuration_update: "the settings of the request hold",
};

/** A notice for every field of an item that is ignored, and for every kind of item that is left out, each once. */
function itemNotices(input: ResponseRequest["input"]): Notice[] {
  if (!Array.isArray(input)) return [];
  const fields = new Set(input.flatMap(unknownItemFields));
  const kinds = new Set(input.flatMap((item) => (isHostedItem(item) ? [item.type] : [])));
  return [
    ...[...fields].map((field) => ignoredField(`input.${field}`)),
    ...[...kinds].map((kind) =>
      ignoredField(`input of type ${kind}`, WHY_LEFT[kind] ?? "the server runs no such tool"),
    ),
  ];
}

/**
 * `POST /v1/responses` and `/v1/responses/input_tokens` (docs/behaviour: api-openai §7.1).
 *
 * @param schema of the request, to find fields that it does not have.
 * @throws AppError `bad_request`.
 */
export function translateResponse(
  body: ResponseRequest,
  schema: TObject,
  books: ResponseBooks,
): ResponseTask {
  if (body.background) {
    throw new RequestError(
      "background",
      "background is not supported: a response needs a client that waits for it",
    );
  }
  const input = body.input === undefined ? [] : readInput(body.input, books);
  const tools = readTools(body);
  const toolInput = toolInputOf(body, tools);
  const shared = sharedOf(body);
  return {
    input,
    tools,
    summary: wantsSummary(body),
    encrypted: (body.include ?? []).includes("reasoning.encrypted_content"),
    metadata: body.metadata ?? {},
    intent: {
      ...shared.intent,
      truncate: body.truncation === "auto",
      input: { type: "chat", messages: messagesOf(body, input, books), ...toolInput.intent },
      debugRenderOnly: false,
      ...thinkOfEffort(body.reasoning?.effort),
      ...formatOf(body),
      ...logprobsOf(body),
    },
    notices: [
      ...unknownFieldNotices(schema, body),
      ...itemNotices(body.input),
      ...toolNotices(body),
      ...serverNotices(body),
      ...toolInput.notices,
      ...shared.notices,
    ],
  };
}
