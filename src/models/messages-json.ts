import type { Message, ToolCall } from "../intent/message.ts";
import { AppError } from "../lib/errors.ts";
import { encodeGoJson } from "../lib/go-json.ts";
import { parseStored } from "./stored-json.ts";

/** The messages blob: Ollama's message objects, a newline at the end (docs/behaviour: registry-and-store §3). */
export function renderMessages(messages: readonly Message[]): string {
  return `${encodeGoJson(messages.map(toWire))}\n`;
}

function toWire(message: Message): object {
  return {
    role: message.role,
    content: message.content,
    thinking: message.thinking || undefined,
    images: message.images?.length ? message.images : undefined,
    tool_calls: message.toolCalls?.length ? message.toolCalls.map(callToWire) : undefined,
    tool_name: message.toolName || undefined,
    tool_call_id: message.toolCallId || undefined,
  };
}

function callToWire({ id, name, arguments: args }: ToolCall, index: number): object {
  return { id: id || undefined, function: { index, name, arguments: args } };
}

/** Reads a messages blob, ours or a registry's. @throws AppError `internal` when it is no list of messages. */
export function parseMessages(json: string): Message[] {
  const list = parseStored(json, "messages");
  if (!Array.isArray(list)) throw new AppError("internal", "the stored messages are not a JSON array");
  return list.map(fromWire);
}

function fromWire(value: unknown): Message {
  const wire = fields(value);
  const message: Message = { role: text(wire.role), content: text(wire.content) };
  if (text(wire.thinking) !== "") message.thinking = text(wire.thinking);
  if (Array.isArray(wire.images)) message.images = wire.images.map(text);
  if (Array.isArray(wire.tool_calls)) message.toolCalls = wire.tool_calls.map(callFromWire);
  if (text(wire.tool_name) !== "") message.toolName = text(wire.tool_name);
  if (text(wire.tool_call_id) !== "") message.toolCallId = text(wire.tool_call_id);
  return message;
}

function callFromWire(value: unknown): ToolCall {
  const wire = fields(value);
  const called = fields(wire.function);
  const call: ToolCall = { name: text(called.name), arguments: fields(called.arguments) };
  if (text(wire.id) !== "") call.id = text(wire.id);
  return call;
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
