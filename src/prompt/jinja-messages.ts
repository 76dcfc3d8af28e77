import type { Message, ToolCall } from "../intent/message.ts";
import type { JinjaAbilities } from "./jinja-abilities.ts";

/** A message as Hugging Face chat templates know it. */
export type JinjaMessage = Record<string, unknown>;

interface NamedCall {
  id: string;
  name: string;
  answered: boolean;
}

/** Nine letters and digits: the one form of id that Mistral's templates accept. */
const callId = (index: number): string => `call${String(index).padStart(5, "0")}`;

/**
 * Gives tool calls and tool results that came without an id one, because templates that print ids refuse a history without.
 * A result belongs to the first unanswered call of its tool, or of any tool when it names none.
 */
export function withCallIds(messages: readonly Message[]): Message[] {
  const calls: NamedCall[] = [];
  const withId = (call: ToolCall): ToolCall & { id: string } => {
    const id = call.id || callId(calls.length);
    calls.push({ id, name: call.name, answered: false });
    return { ...call, id };
  };
  return messages.map((message) => {
    if (message.toolCalls !== undefined) return { ...message, toolCalls: message.toolCalls.map(withId) };
    if (message.role !== "tool") return message;
    const given = message.toolCallId || undefined;
    const call = calls.find(
      ({ id, name, answered }) =>
        !answered && (given === undefined ? name === (message.toolName || name) : id === given),
    );
    if (call === undefined) return message;
    call.answered = true;
    return { ...message, toolCallId: call.id, toolName: message.toolName || call.name };
  });
}

/**
 * For a template that prints no system message: the first one goes in front of the message after it, a newline between them, as
 * llama.cpp does. Alone, it stays for the template to judge.
 */
function mergeSystem(messages: readonly Message[]): readonly Message[] {
  const [system, next, ...rest] = messages;
  if (system?.role !== "system" || next === undefined) return messages;
  return [{ ...next, content: `${system.content}\n${next.content}` }, ...rest];
}

function jinjaMessage(message: Message, abilities: JinjaAbilities): JinjaMessage {
  const { role, content, thinking, toolCalls = [], toolCallId, toolName } = message;
  const calls = toolCalls.map(({ id, name, arguments: args }) => ({
    id,
    type: "function",
    function: { name, arguments: abilities.objectArguments ? args : JSON.stringify(args) },
  }));
  return {
    role,
    content: abilities.typedContent ? [{ type: "text", text: content }] : content,
    ...(thinking && { reasoning_content: thinking, thinking }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(toolCallId && { tool_call_id: toolCallId }),
    ...(toolName && { name: toolName }),
  };
}

/** A conversation in the form that the template wants. */
export const jinjaMessages = (messages: readonly Message[], abilities: JinjaAbilities): JinjaMessage[] =>
  withCallIds(abilities.systemRole ? messages : mergeSystem(messages)).map((message) =>
    jinjaMessage(message, abilities),
  );
