import { keepAliveOf, optionsOf, type Translated } from "../../inference/request-options.ts";
import type {
  ChatInput,
  CompletionInput,
  GenerateIntent,
  Notice,
  OutputFormat,
  ToolChoice,
} from "../../intent/generate.ts";
import type { Message, ToolCall } from "../../intent/message.ts";
import { defined, ifDefined } from "../../lib/defined.ts";
import { ignoredField, unknownFieldNotices } from "../wire/notices.ts";
import { ChatRequest, GenerateRequest } from "./schema/answer.ts";

type WireMessage = NonNullable<ChatRequest["messages"]>[number];
type WireToolCall = NonNullable<WireMessage["tool_calls"]>[number];

/** `format`: nothing, `"json"` or a JSON Schema (docs/behaviour: api-native §3). */
function formatOf(format: ChatRequest["format"]): OutputFormat | undefined {
  if (format === undefined || format === "") return undefined;
  return format === "json" ? { type: "json" } : { type: "schema", schema: format };
}

function logprobsOf({ logprobs, top_logprobs }: GenerateRequest | ChatRequest): { logprobs?: number } {
  return logprobs ? { logprobs: top_logprobs ?? 0 } : {};
}

function translateAnswer(
  body: GenerateRequest | ChatRequest,
  input: GenerateIntent["input"],
): Translated<GenerateIntent> {
  const options = optionsOf(body.options);
  const format = formatOf(body.format);
  const notices = [...options.notices];
  if (body.top_logprobs && !body.logprobs) notices.push(ignoredField("top_logprobs", "logprobs is not set"));
  const intent: GenerateIntent = {
    model: body.model ?? "",
    input,
    options: options.intent,
    truncate: body.truncate ?? true,
    debugRenderOnly: body._debug_render_only ?? false,
    ...defined({ format, think: body.think }),
    ...(body.cache_diagnostics && { diagnosis: { wanted: true } }),
    ...defined({ shift: body.shift }),
    ...logprobsOf(body),
    ...keepAliveOf(body),
  };
  return { intent, notices };
}

/** Notices for images and a suffix beside an empty prompt: as in Ollama, such a request only loads the model. */
function loadOnlyNotices({ prompt, images, suffix }: GenerateRequest): Notice[] {
  if (prompt) return [];
  const why = "the prompt is empty, so the model is only loaded";
  return [
    ...(images?.length ? [ignoredField("images", why)] : []),
    ...(suffix ? [ignoredField("suffix", why)] : []),
  ];
}

/** `/api/generate` (docs/behaviour: api-native §4). An empty string or list is a field that was not set. @throws AppError `bad_request`. */
export function translateGenerate(body: GenerateRequest): Translated<GenerateIntent> {
  const input: CompletionInput = {
    type: "completion",
    prompt: body.prompt ?? "",
    raw: body.raw ?? false,
    images: body.images ?? [],
    ...defined({
      suffix: body.suffix || undefined,
      system: body.system || undefined,
      template: body.template || undefined,
    }),
    ...(body.context?.length && { context: body.context }),
  };
  const { intent, notices } = translateAnswer(body, input);
  return {
    intent,
    notices: [...unknownFieldNotices(GenerateRequest, body), ...notices, ...loadOnlyNotices(body)],
  };
}

const toolCallOf = ({ id, function: called }: WireToolCall): ToolCall => ({
  ...(id && { id }),
  name: called?.name ?? "",
  arguments: called?.arguments ?? {},
});

/** A message in the inner language. Roles are not checked, as in Ollama: templates know more of them than we do. */
export const translateMessage = (message: WireMessage): Message => ({
  role: (message.role ?? "").toLowerCase(),
  content: message.content ?? "",
  ...(message.thinking && { thinking: message.thinking }),
  ...(message.images?.length && { images: message.images }),
  ...(message.tool_calls?.length && { toolCalls: message.tool_calls.map(toolCallOf) }),
  ...defined({ toolName: message.tool_name || undefined, toolCallId: message.tool_call_id || undefined }),
});

function toolChoiceOf(choice: NonNullable<ChatRequest["tool_choice"]>): ToolChoice {
  if (typeof choice === "string") return choice;
  return { name: "function" in choice ? choice.function.name : choice.name };
}

/** `/api/chat` (docs/behaviour: api-native §5). @throws AppError `bad_request`. */
export function translateOllamaChat(body: ChatRequest): Translated<GenerateIntent> {
  const input: ChatInput = {
    type: "chat",
    messages: (body.messages ?? []).map(translateMessage),
    tools: body.tools ?? [],
    ...defined({ toolChoice: ifDefined(body.tool_choice, toolChoiceOf) }),
  };
  const { intent, notices } = translateAnswer(body, input);
  return { intent, notices: [...unknownFieldNotices(ChatRequest, body), ...notices] };
}
