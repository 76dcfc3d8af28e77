import type { Translated } from "../../inference/request-options.ts";
import type { Notice } from "../../intent/generate.ts";
import type { Message, ToolCall } from "../../intent/message.ts";
import { defined } from "../../lib/defined.ts";
import { isRecord } from "../../lib/is-record.ts";
import { ignoredField } from "../wire/notices.ts";
import { contentOf } from "./content.ts";
import { RequestError } from "./request-error.ts";
import type { ChatCompletionRequest } from "./schema/chat.ts";

type WireMessage = NonNullable<ChatCompletionRequest["messages"]>[number];
type WireToolCall = NonNullable<WireMessage["tool_calls"]>[number];

/** `developer` is OpenAI's later name of `system`, which templates do not know. */
const ROLES: Record<string, string> = { developer: "system", function: "tool" };

/** The arguments of a call, which are an object as JSON text; clients keep "" of a call without arguments. */
export function argumentsOf(
  text: string,
  param: string,
  wrong = "invalid tool call arguments",
): Record<string, unknown> {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new RequestError(param, wrong);
}

const toolCallOf = ({ id, function: called, custom }: WireToolCall, param: string): ToolCall => ({
  ...(id && { id }),
  name: (custom ?? called)?.name ?? "",
  arguments: custom
    ? { input: custom.input ?? "" }
    : argumentsOf(called?.arguments ?? "", `${param}.function.arguments`),
});

/** The function whose result a `tool` message is: the one that it names, or that of the last call with its id. */
const toolNameOf = ({ name, tool_call_id }: WireMessage, called: ReadonlyMap<string, string>) =>
  name || called.get(tool_call_id ?? "");

/** @param called the functions of the calls so far, by the ids of the calls. */
function messageOf(message: WireMessage, at: number, called: ReadonlyMap<string, string>): Message {
  const param = `messages[${at}]`;
  const role = (message.role ?? "").toLowerCase();
  const { tool_calls, refusal, tool_call_id } = message;
  const optional = tool_calls !== undefined || refusal !== undefined;
  const spoken = contentOf(message.content, `${param}.content`, optional);
  const thinking = message.reasoning || message.reasoning_content;
  const toolName = role === "tool" || role === "function" ? toolNameOf(message, called) : undefined;
  return {
    role: ROLES[role] ?? role,
    ...spoken,
    content: spoken.content || refusal || "",
    ...(thinking && { thinking }),
    ...(tool_calls?.length && {
      toolCalls: tool_calls.map((call, index) => toolCallOf(call, `${param}.tool_calls[${index}]`)),
    }),
    ...defined({ toolName: toolName || undefined, toolCallId: tool_call_id || undefined }),
  };
}

const namesSpeaker = ({ role = "", name }: WireMessage): boolean =>
  Boolean(name) && !["tool", "function"].includes(role.toLowerCase());

/** The conversation in the inner language (docs/behaviour: api-openai §3.2). @throws AppError `bad_request`. */
export function messagesOf(messages: readonly WireMessage[]): Translated<Message[]> {
  if (messages.length === 0) throw new RequestError("messages", "[] is too short - 'messages'");
  const intent: Message[] = [];
  const called = new Map<string, string>();
  for (const [at, wire] of messages.entries()) {
    const message = messageOf(wire, at, called);
    for (const { id, name } of message.toolCalls ?? []) if (id !== undefined) called.set(id, name);
    intent.push(message);
  }
  const notices: Notice[] = messages.some(namesSpeaker)
    ? [ignoredField("messages.name", "templates have no place for names of speakers")]
    : [];
  return { intent, notices };
}
