import type { Message, ToolCall } from "../../intent/message.ts";
import { defined } from "../../lib/defined.ts";
import type { JinjaAbilities } from "./abilities.ts";

/** A message as Hugging Face chat templates know it. */
export type JinjaMessage = Record<string, unknown>;

interface NamedCall {
  id: string;
  name: string;
  answered: boolean;
}

/** The calls of a history that have no result yet, in their order. A long history is looked through once, not once for each result. */
class OpenCalls {
  readonly #queues = new Map<string, { calls: NamedCall[]; first: number }>();
  count = 0;

  /** @param ownId the client's id, by which a result refers to the call. */
  add(ownId: string, name: string, id: string): void {
    const call = { id, name, answered: false };
    for (const key of [`id ${ownId}`, `name ${name}`, "any"]) {
      const queue = this.#queues.get(key) ?? { calls: [], first: 0 };
      queue.calls.push(call);
      this.#queues.set(key, queue);
    }
    this.count++;
  }

  /** The first open call with that id or, without one, of that tool or of any; it is open no longer. */
  answer(id: string | undefined, name: string | undefined): NamedCall | undefined {
    const key = id !== undefined ? `id ${id}` : name !== undefined ? `name ${name}` : "any";
    const queue = this.#queues.get(key);
    if (queue === undefined) return undefined;
    while (queue.calls[queue.first]?.answered) queue.first++;
    const call = queue.calls[queue.first];
    if (call !== undefined) call.answered = true;
    return call;
  }
}

/** Nine letters and digits: the one form of id that Mistral's templates accept. */
const callId = (index: number): string => `call${String(index).padStart(5, "0")}`;

/**
 * Gives tool calls and tool results that came without an id one, because templates that print ids refuse a history without.
 * A result belongs to the first unanswered call of its tool, or of any tool when it names none.
 *
 * @param replace give every call such an id, whatever its own is: the template takes no others.
 */
export function withCallIds(messages: readonly Message[], replace = false): Message[] {
  const calls = new OpenCalls();
  const withId = (call: ToolCall): ToolCall & { id: string } => {
    const given = call.id || undefined;
    const id = replace || given === undefined ? callId(calls.count) : given;
    calls.add(given ?? id, call.name, id);
    return { ...call, id };
  };
  return messages.map((message) => {
    if (message.toolCalls !== undefined) return { ...message, toolCalls: message.toolCalls.map(withId) };
    if (message.role !== "tool") return message;
    const call = calls.answer(message.toolCallId || undefined, message.toolName || undefined);
    if (call === undefined) return message;
    return { ...message, toolCallId: call.id, toolName: message.toolName || call.name };
  });
}

/**
 * For a template that prints no system message: the first one goes in front of the message after it, a newline between them, as
 * llama.cpp does. A system message alone is left to the template.
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
    ...defined({ reasoning_content: thinking || undefined, thinking: thinking || undefined }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...defined({ tool_call_id: toolCallId || undefined, name: toolName || undefined }),
  };
}

/** A conversation in the form that the template wants. */
export const jinjaMessages = (messages: readonly Message[], abilities: JinjaAbilities): JinjaMessage[] =>
  withCallIds(abilities.systemRole ? messages : mergeSystem(messages), abilities.shortIds).map((message) =>
    jinjaMessage(message, abilities),
  );
